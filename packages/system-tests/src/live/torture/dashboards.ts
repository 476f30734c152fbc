import { type Exchange, exchange } from './exchange.ts';
import type { Life } from './history.ts';
import { Supervised } from './supervised.ts';

/** Longer than a dashboard is ever frozen: what is not answered within it, in ms, was not done for another reason. */
const ANSWER_MS = 20_000;

const KILL_MS = 10_000;

export interface DashboardOptions {
  /** The command that starts one. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly ports: { readonly first: number; readonly second: number };
  readonly secret: string;
  readonly lives: Life[];
}

/** One dashboard, or for a while two on the same home. */
export class Dashboards {
  readonly first: Supervised;
  readonly #options: DashboardOptions;
  #second: Supervised | undefined;

  constructor(options: DashboardOptions) {
    this.#options = options;
    this.first = this.#supervised('dashboard', options.ports.first);
  }

  get ports(): readonly number[] {
    const { first, second } = this.#options.ports;
    return this.#second ? [first, second] : [first];
  }

  startSecond(): void {
    this.#second = this.#supervised('second dashboard', this.#options.ports.second);
    this.#second.start();
  }

  async stopSecond(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const second = this.#second;
    this.#second = undefined;
    await second?.close(signal, KILL_MS);
  }

  /** A request to the dashboard at `port`. */
  ask(port: number, method: string, path: string, body?: unknown): Promise<Exchange> {
    const headers = { authorization: `Bearer ${this.#options.secret}` };
    return exchange({ port, method, path, headers, body, signal: AbortSignal.timeout(ANSWER_MS) });
  }

  async close(): Promise<void> {
    await Promise.all([this.first.close('SIGKILL', KILL_MS), this.stopSecond('SIGKILL')]);
  }

  #supervised(program: Life['program'], port: number): Supervised {
    const { command, env, lives } = this.#options;
    return new Supervised({ program, command, lives, env: { ...env, HERMES_DASHBOARD_PORT: String(port) } });
  }
}
