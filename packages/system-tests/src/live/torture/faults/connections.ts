import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** So many a moment, so that the backlog of the server does not overflow. */
const AT_ONCE = 20;
const MOMENT_MS = 10;

/** Connections that send `opening` and then do nothing: they never read. Closed when disposed. */
export class Connections implements Disposable {
  readonly #sockets: Socket[] = [];

  async open(port: number, count: number, opening: string): Promise<void> {
    for (let n = 0; n < count; n++) {
      const socket = connect(port, '127.0.0.1');
      // The server may end it as it likes.
      socket.on('error', () => undefined).pause();
      if (opening !== '') socket.write(opening);
      this.#sockets.push(socket);
      if (n % AT_ONCE === 0) await delay(MOMENT_MS);
    }
  }

  [Symbol.dispose](): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
