// A plain reader of server-sent events that keeps what tolerant clients hide: each line as it came.

import assert from 'node:assert/strict';
import { graphqlUrl } from './environment.mjs';

const open = new Set();

/** Aborts what a check left open; to be called after each. */
export function abortEventStreams() {
  for (const stream of open) stream.abort();
}

/** Opens a stream by POST, or by GET as a browser does; fails unless the hub answers 200. */
export async function openEventStream({ query, variables = {}, method = 'POST', headers = {}, url = graphqlUrl }) {
  const aborter = new AbortController();
  const target = new URL(url);
  const options = { method, signal: aborter.signal, headers: { accept: 'text/event-stream', ...headers } };
  if (method === 'GET') {
    target.searchParams.set('query', query);
    target.searchParams.set('variables', JSON.stringify(variables));
  } else {
    options.headers['content-type'] = 'application/json';
    options.body = JSON.stringify({ query, variables });
  }
  const response = await fetch(target, options);
  if (response.status !== 200) {
    const text = await response.text();
    throw Object.assign(new Error(`${response.status}: ${text}`), { status: response.status, text });
  }
  return new EventStream(response, aborter);
}

class EventStream {
  #blocks;
  #pending;

  constructor(response, aborter) {
    this.response = response; // kept, or else the garbage collector ends a stream that nobody reads yet
    this.headers = response.headers;
    this.abort = () => {
      open.delete(this);
      aborter.abort();
    };
    open.add(this);
    this.#blocks = blocks(response.body);
  }

  /** The next block (event or comment), undefined at the end of the stream, null if none came in time. */
  async next(milliseconds = 10_000) {
    // A block that came too late for one caller is the next one's.
    this.#pending ??= this.#blocks.next();
    let timer;
    const late = new Promise((resolve) => { timer = setTimeout(resolve, milliseconds, null); });
    const result = await Promise.race([this.#pending, late]).finally(() => clearTimeout(timer));
    if (result === null) return null;
    this.#pending = undefined;
    return result.done ? undefined : result.value;
  }

  /** The next block that fits; none in time is a failure. */
  async find(what, fits, milliseconds = 10_000) {
    return (await this.tryFind(fits, milliseconds)) ?? assert.fail(`not within ${milliseconds} ms: ${what}`);
  }

  /** The next block that fits, or null if none came in time; the end of the stream is a failure. */
  async tryFind(fits, milliseconds) {
    const end = performance.now() + milliseconds;
    for (;;) {
      const block = await this.next(Math.max(0, end - performance.now()));
      assert.notEqual(block, undefined, 'the stream ended');
      if (block === null || fits(block)) return block;
    }
  }

  /** All blocks until the hub ends the stream. */
  async all() {
    const seen = [];
    for (let block = await this.next(); block; block = await this.next()) seen.push(block);
    return seen;
  }
}

async function* blocks(body) {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let buffered = '';
  for await (const chunk of body) {
    buffered += decoder.decode(chunk, { stream: true });
    const parts = buffered.split(/\r\n\r\n|\n\n|\r\r/);
    buffered = parts.pop();
    for (const part of parts) yield parseBlock(part);
  }
  assert.equal(buffered, '', 'the stream ended inside an event');
}

function parseBlock(text) {
  const block = { lines: text.split(/\r\n|\n|\r/), comments: [], data: undefined };
  for (const line of block.lines) {
    const [, field, value] = line.match(/^([^:]*)(?:: ?(.*))?$/);
    if (field === '') block.comments.push(value ?? '');
    else if (field === 'data') block.data = block.data === undefined ? value ?? '' : `${block.data}\n${value}`;
    else block[field] = value ?? '';
  }
  if (block.data) block.payload = JSON.parse(block.data);
  return block;
}
