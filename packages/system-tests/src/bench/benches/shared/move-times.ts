import { Database } from '../../../live/fleet/database.ts';
import { type FleetGateway, Gateways } from '../../../live/fleet/gateways.ts';
import { Observer, type Run } from '../../../live/fleet/observer.ts';

const TURN_MS = 400;
const POLL_MS = 1;
const BOUND_MS = 60_000;

/** How fast turns move between two gateways on one database, as the model server of both sees it. */
export class MoveTimes implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();
  #observer!: Observer;
  #gateways!: readonly FleetGateway[];
  #messages = 0;

  static async start(): Promise<MoveTimes> {
    const moves = new MoveTimes();
    const database = moves.#stack.use(await Database.start());
    moves.#observer = moves.#stack.use(await Observer.start(TURN_MS));
    const gateways = moves.#stack.use(await Gateways.start({ database, observer: moves.#observer, size: 2 }));
    moves.#gateways = gateways.all;
    await database.whenSteady();
    return moves;
  }

  /** Kills the gateway of a running turn. @returns ms until the turn starts elsewhere. */
  async afterKill(): Promise<number> {
    const [first] = this.#gateways as [FleetGateway];
    const message = this.#send(first, this.#newSession());
    await this.#run(({ message: of }) => of === message);
    const killedAt = performance.now();
    await first.kill();
    const again = await this.#run(({ message: of, gateway }) => of === message && gateway !== first.name);
    await first.start();
    return again.startedAt - killedAt;
  }

  /** Drains a gateway with a running turn and one behind it. @returns ms from the end of the first to the other's start. */
  async afterDrain(): Promise<number> {
    const [first] = this.#gateways as [FleetGateway];
    const session = this.#newSession();
    const running = this.#send(first, session);
    const run = await this.#run(({ message }) => message === running);
    const queued = this.#send(first, session);
    await first.beginDrain();
    const next = await this.#run(({ message }) => message === queued);
    if (next.gateway === first.name) throw new Error('a draining gateway started a turn that waited');
    await first.cancelDrain();
    return next.startedAt - (run.endedAt ?? Number.NaN);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack[Symbol.asyncDispose]();
  }

  #newSession(): string {
    return `s${this.#messages}`;
  }

  #send({ url }: FleetGateway, session: string): string {
    this.#messages += 1;
    const message = `m${this.#messages}`;
    const body = JSON.stringify({ session, text: `${session} ${message}` });
    const headers = { 'content-type': 'application/json', prefer: 'respond-async' };
    void fetch(`${url}/v1/messages`, { method: 'POST', headers, body }).catch(() => undefined);
    return message;
  }

  async #run(isWanted: (run: Run) => boolean): Promise<Run> {
    for (const bound = performance.now() + BOUND_MS; performance.now() < bound; ) {
      const found = this.#observer.runs.find(isWanted);
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    throw new Error('a turn did not start within 60 s');
  }
}
