import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, type RunningDashboard, StackClient, startDashboard } from '@hermes/local-stack';

const NO_GATEWAY = 'http://no-gateway.invalid';

/** One of the dashboards of a home. */
export class Dashboard {
  readonly #running: RunningDashboard;
  readonly #client: StackClient;
  isKilled = false;

  constructor(running: RunningDashboard) {
    this.#running = running;
    this.#client = new StackClient(NO_GATEWAY, running.link);
  }

  begin(headers: Record<string, string> = {}, reason = ''): Promise<Answer> {
    return this.#client.beginDrain({ reason }, headers);
  }

  cancel(headers: Record<string, string> = {}): Promise<Answer> {
    return this.#client.cancelDrain(headers);
  }

  /** Whether the audit is as it was written, as the dashboard sees it. */
  verifyAudit(): Promise<Answer> {
    return this.#client.verifyAudit();
  }

  /** Sends a signal that stops it or lets it continue. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#running.program.child.kill(signal);
  }

  async kill(): Promise<void> {
    this.isKilled = true;
    await this.#running.program.kill('SIGKILL');
  }
}

/** A home with two dashboards, and no gateway; gone without a trace when disposed. */
export class TwoDashboards implements AsyncDisposable {
  readonly home: string;
  #dashboards: readonly Dashboard[] = [];

  private constructor(home: string) {
    this.home = home;
  }

  /** @param place where the home is made. */
  static async start(place = tmpdir()): Promise<TwoDashboards> {
    const two = new TwoDashboards(await mkdtemp(join(place, 'hermes-two-')));
    try {
      // The first makes the secret that the second finds.
      two.#dashboards = [await two.startDashboard()];
      two.#dashboards = [...two.#dashboards, await two.startDashboard()];
      return two;
    } catch (error) {
      await two[Symbol.asyncDispose]();
      throw error;
    }
  }

  get both(): readonly [Dashboard, Dashboard] {
    const [one, other] = this.#dashboards;
    if (!one || !other) throw new Error('two dashboards have not been started');
    return [one, other];
  }

  /** Kills the second one and starts another in its place. */
  async replaceSecond(): Promise<void> {
    const [one, second] = this.both;
    await second.kill();
    this.#dashboards = [one, await this.startDashboard()];
  }

  async startDashboard(): Promise<Dashboard> {
    const env = { HERMES_DASHBOARD_PORT: '0', HERMES_DASHBOARD_DRAIN_SECRET: undefined };
    return new Dashboard(await startDashboard({ home: this.home, env, onStderr: () => undefined }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#dashboards.map((dashboard) => dashboard.kill()));
    await rm(this.home, { recursive: true, force: true });
  }
}
