import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Installation,
  type RunningDashboard,
  type RunningGateway,
  StackClient,
  startDashboard,
  startGateway,
} from '@hermes/local-stack';

export interface TestbedOptions {
  /** The `agent` section of config.yaml, as YAML on one line. Default: an echo agent. */
  readonly agent?: string;
  /** How long an echo turn takes, in ms. */
  readonly turn?: number;
  /** Seconds a stopping gateway waits for turns in flight. */
  readonly grace?: number;
  /** Whether there is a dashboard, too; there is if nothing is said. */
  readonly dashboard?: boolean;
  /** Where the gateway listens. Default: a free port at each start. */
  readonly port?: number;
  /** More lines for config.yaml. */
  readonly config?: string;
  /** What to start the gateway, or the dashboard, within: a command before their own. */
  readonly within?: { readonly gateway?: readonly string[]; readonly dashboard?: readonly string[] };
  /** The programs that are started. Default: those of this checkout. */
  readonly installation?: Installation;
}

/** A home of its own with a real gateway and a real dashboard; gone without a trace when disposed. */
export class Testbed implements AsyncDisposable {
  readonly home: string;
  gateway!: RunningGateway;
  dashboard!: RunningDashboard;
  /** What the next start of a program starts. */
  installation: Installation | undefined;
  readonly #within: TestbedOptions['within'];
  readonly #port: number;
  #lastWords = '';

  private constructor(home: string, { within, installation, port = 0 }: TestbedOptions) {
    this.home = home;
    this.installation = installation;
    this.#within = within;
    this.#port = port;
  }

  static async start(options: TestbedOptions = {}): Promise<Testbed> {
    const testbed = new Testbed(await mkdtemp(join(tmpdir(), 'hermes-live-')), options);
    try {
      const { turn = 0, grace = 5, dashboard = true } = options;
      const agent = options.agent ?? `{ kind: echo, delay_ms: ${turn} }`;
      const config = `agent: ${agent}\nrestart_drain_timeout: ${grace}\n${options.config ?? ''}`;
      await writeFile(join(testbed.home, 'config.yaml'), config);
      await testbed.startGateway();
      if (dashboard) await testbed.startDashboard();
      return testbed;
    } catch (error) {
      await testbed[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Starts the gateway, again if there was one, and waits until it is ready. */
  async startGateway(): Promise<void> {
    this.gateway = await startGateway(this.#options('gateway'));
  }

  /** Starts the dashboard, again if there was one, and waits until it is ready. */
  async startDashboard(): Promise<void> {
    this.dashboard = await startDashboard(this.#options('dashboard'));
  }

  /** What a person and an operator do, over HTTP. */
  get client(): StackClient {
    return new StackClient(this.gateway.url, this.dashboard?.link ?? 'http://no-dashboard.invalid');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway?.program.kill('SIGKILL');
    await this.dashboard?.program.kill('SIGKILL');
    await rm(this.home, { recursive: true, force: true });
  }

  /** What the program that was started last has logged, also if it did not become ready. */
  get lastWords(): string {
    return this.#lastWords;
  }

  #options(program: 'gateway' | 'dashboard') {
    this.#lastWords = '';
    const onStderr = (text: string): void => {
      this.#lastWords = (this.#lastWords + text).slice(-10_000);
    };
    const within = this.#within?.[program];
    const { home, installation } = this;
    return { home, installation, env: this.#environment(), within, onStderr };
  }

  #environment() {
    return {
      API_SERVER_PORT: String(this.#port),
      HERMES_DASHBOARD_PORT: '0',
      HERMES_DASHBOARD_DRAIN_SECRET: undefined,
      API_SERVER_KEY: undefined,
    };
  }
}
