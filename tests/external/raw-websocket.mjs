// A WebSocket whose frames are written and read one by one, so that a check can break the protocol.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { WebSocket } from 'ws';
import { graphqlUrl, token, webSocketUrl } from './environment.mjs';
import { within } from './support.mjs';

export const PROTOCOL = 'graphql-transport-ws';

export class RawWebSocket {
  #arrived = [];
  #wake = () => {};
  #close;
  /** Every frame that came, protocol pings included. */
  frames = [];

  constructor(socket) {
    this.socket = socket;
    this.#close = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    socket.on('error', () => {}); // an error is followed by a close, which is what checks look at
    socket.on('message', (data, binary) => {
      assert.equal(binary, false, 'frames are text');
      const frame = JSON.parse(data.toString());
      this.frames.push(frame);
      if (frame.type === 'ping') this.send({ type: 'pong' });
      else this.#arrived.push(frame);
      this.#wake();
    });
  }

  /** Opens a socket; rejects with `{ status }` if the hub refuses the handshake. */
  static open(protocols = PROTOCOL) {
    const socket = new WebSocket(webSocketUrl, protocols);
    const raw = new RawWebSocket(socket);
    const opened = new Promise((resolve, reject) => {
      socket.on('open', () => resolve(raw));
      socket.on('unexpected-response', (request, response) => {
        request.destroy();
        reject(Object.assign(new Error(`handshake: ${response.statusCode}`), { status: response.statusCode }));
      });
      socket.on('error', reject);
    });
    return within(5_000, 'an open WebSocket', opened);
  }

  /** Opens a socket and waits for `connection_ack`. */
  static async connected({ authorized = false } = {}) {
    const raw = await RawWebSocket.open();
    raw.send({ type: 'connection_init', ...(authorized && { payload: { authorization: `Bearer ${token}` } }) });
    assert.equal((await raw.next()).type, 'connection_ack');
    return raw;
  }

  send(message) {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  subscribe(id, query, variables) {
    this.send({ id, type: 'subscribe', payload: { query, ...(variables && { variables }) } });
  }

  /** The next frame that is no ping. A close is a failure. */
  async next(milliseconds = 5_000) {
    const arrival = async () => {
      while (this.#arrived.length === 0) await new Promise((resolve) => { this.#wake = resolve; });
      return this.#arrived.shift();
    };
    const closed = this.#close.then(({ code, reason }) => {
      throw new Error(`closed with ${code} ${reason} instead of a frame`);
    });
    return within(milliseconds, 'a frame', Promise.race([arrival(), closed]));
  }

  /** The next frame of this operation; frames of others are passed over. */
  async nextOf(id) {
    for (;;) {
      const frame = await this.next();
      if (frame.id === id) return frame;
    }
  }

  /** After a ping was answered, everything that the hub wrote before has arrived. */
  async fence() {
    this.send({ type: 'ping' });
    while ((await this.next()).type !== 'pong');
  }

  /** How the hub closed the socket. */
  closed(milliseconds = 5_000) {
    return within(milliseconds, 'a close', this.#close);
  }

  close() {
    this.socket.terminate();
  }
}

/**
 * How the hub turns a handshake down: with a status, or after the upgrade with a close code.
 * By hand, because `ws` hides the close if the hub chose none of the offered sub-protocols.
 */
export function refusal(protocols) {
  const refused = new Promise((resolve, reject) => {
    const handshake = request(graphqlUrl, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
        ...(protocols.length > 0 && { 'sec-websocket-protocol': protocols.join(', ') }),
      },
    });
    handshake.on('error', reject);
    handshake.on('response', (response) => {
      resolve({ status: response.statusCode });
      handshake.destroy();
    });
    handshake.on('upgrade', (response, socket, head) => {
      let bytes = head;
      const read = (chunk) => {
        bytes = Buffer.concat([bytes, chunk]);
        if (bytes.length < 4) return;
        const opcode = bytes[0] & 0x0f;
        if (opcode === 8) resolve({ code: bytes.readUInt16BE(2) });
        else reject(new Error(`a frame with opcode ${opcode} instead of a close`));
        socket.destroy();
      };
      socket.on('data', read);
      socket.on('error', reject);
      socket.on('end', () => reject(new Error('the hub hung up without a close frame')));
      read(Buffer.alloc(0));
    });
    handshake.end();
  });
  return within(5_000, 'a refusal', refused);
}
