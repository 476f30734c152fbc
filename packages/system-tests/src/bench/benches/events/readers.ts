import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Access } from './access.ts';

/** Connections that are made at once: the rest waits, lest the queue of the server overflow. */
const AT_ONCE = 100;

/** Against hanging. */
const TIMEOUT_MS = 30_000;

/** One who listens, and what it has read since the last question. */
interface Reader {
  readonly socket: Socket;
  text: string;
}

/** Many who listen to the events of a dashboard, and understand as little of them as can be. */
export class Readers implements Disposable {
  readonly #readers: Reader[] = [];
  #onData: (reader: Reader) => void = () => undefined;

  static async open(access: Access, count: number): Promise<Readers> {
    const readers = new Readers();
    while (readers.#readers.length < count) {
      const some = Math.min(AT_ONCE, count - readers.#readers.length);
      await Promise.all(Array.from({ length: some }, () => readers.#open(access)));
    }
    return readers;
  }

  /** Resolves when the last of them has read `words`. */
  async haveRead(words: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new Error(`not all have read ${words}`)), TIMEOUT_MS);
    const waiting = new Set(this.#readers);
    this.#onData = (reader) => {
      if (reader.text.includes(words)) waiting.delete(reader);
      if (waiting.size === 0) resolve();
    };
    await promise.finally(() => clearTimeout(timer));
    for (const reader of this.#readers) reader.text = '';
  }

  [Symbol.dispose](): void {
    for (const { socket } of this.#readers) socket.destroy();
  }

  async #open({ url, headers }: Access): Promise<void> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const reader = { socket, text: '' };
    this.#readers.push(reader);
    socket.setEncoding('latin1').on('data', (words) => {
      reader.text += words;
      this.#onData(reader);
    });
    await once(socket, 'connect');
    socket.write(`GET /api/events HTTP/1.1\r\nHost: here\r\nAuthorization: ${headers.authorization}\r\n\r\n`);
    while (!reader.text.includes('event: snapshot')) await once(socket, 'data');
  }
}
