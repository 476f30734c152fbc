import { EventEmitter, once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { createParser } from 'eventsource-parser';
import type { Access } from './access.ts';

const POLL_MS = 1_000;

/** Against hanging. */
const TIMEOUT_MS = 10_000;

/** Somebody who wants to know how many turns the gateway of a dashboard has in flight. */
abstract class Follower implements Disposable {
  readonly #news = new EventEmitter<{ turns: [] }>();
  #turns: unknown;
  readonly #access: Access;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #sockets = new Set<Socket>();
  /** That it has made. */
  requests = 0;

  constructor(access: Access) {
    this.#access = access;
  }

  abstract start(): Promise<void>;

  /** Both ways, headers included. */
  get bytes(): number {
    return [...this.#sockets].reduce((sum, { bytesRead, bytesWritten }) => sum + bytesRead + bytesWritten, 0);
  }

  /** Resolves when it knows that there are `turns`. */
  async knows(turns: number): Promise<void> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    while (this.#turns !== turns) await once(this.#news, 'turns', { signal });
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }

  protected learn(turns: unknown): void {
    this.#turns = turns;
    this.#news.emit('turns');
  }

  protected async ask(path: string): Promise<IncomingMessage> {
    const { url, headers } = this.#access;
    const request = get(url + path, { agent: this.#agent, headers });
    request.on('socket', (socket) => this.#sockets.add(socket));
    this.requests += 1;
    const [response] = await once(request, 'response');
    return response;
  }
}

/** Asks once a second. */
export class Poller extends Follower {
  #timer: NodeJS.Timeout | undefined;

  async start(): Promise<void> {
    this.#timer = setInterval(() => this.#poll(), POLL_MS);
    await this.#poll();
  }

  override [Symbol.dispose](): void {
    clearInterval(this.#timer);
    super[Symbol.dispose]();
  }

  async #poll(): Promise<void> {
    const { active_agents } = JSON.parse(await text(await this.ask('/api/status')));
    this.learn(active_agents);
  }
}

/** Listens to the events. */
export class Listener extends Follower {
  async start(): Promise<void> {
    const stream = await this.ask('/api/events');
    const begun = Promise.withResolvers<void>();
    const parser = createParser({
      onEvent: ({ event, data }) => {
        if (event === 'snapshot') begun.resolve();
        else this.learn(JSON.parse(data).active_agents);
      },
    });
    // Ends with the connection, which ends when this is disposed of.
    stream.on('error', () => undefined);
    stream.setEncoding('utf8').on('data', (words: string) => parser.feed(words));
    await begun.promise;
  }
}
