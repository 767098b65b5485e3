// A TCP proxy before the hub whose connections a check can cut, as a bad network would.

import { createServer, connect } from 'node:net';
import { hubUrl } from './environment.mjs';

export class Proxy {
  #sockets = new Set();
  #held = Promise.resolve();
  #release = () => {};
  /** What clients sent, as text, one entry for each piece. */
  heard = [];

  static async start() {
    const proxy = new Proxy();
    const target = new URL(hubUrl);
    proxy.server = createServer(async (client) => {
      proxy.#track(client);
      client.on('data', (bytes) => proxy.heard.push(bytes.toString('latin1')));
      client.pause();
      await proxy.#held;
      if (client.destroyed) return;
      const hub = connect(Number(target.port), target.hostname);
      proxy.#track(hub);
      hub.on('close', () => client.destroy());
      client.on('close', () => hub.destroy());
      client.pipe(hub).pipe(client);
    });
    await new Promise((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    proxy.url = `http://127.0.0.1:${proxy.server.address().port}`;
    return proxy;
  }

  #track(socket) {
    this.#sockets.add(socket);
    socket.on('error', () => {}); // a cut connection is the purpose here
    socket.on('close', () => this.#sockets.delete(socket));
  }

  /** Cuts every connection; new ones wait until `mend`. */
  cut() {
    this.mend();
    this.#held = new Promise((resolve) => { this.#release = resolve; });
    for (const socket of this.#sockets) socket.destroy();
  }

  mend() {
    this.#release();
  }

  async stop() {
    this.mend();
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
