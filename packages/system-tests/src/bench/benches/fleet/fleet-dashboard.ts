import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningDashboard, startDashboard } from '@hermes/local-stack';
import { plant } from './planted.ts';

const ENVIRONMENT = { HERMES_DASHBOARD_PORT: '0', HERMES_DASHBOARD_DRAIN_SECRET: undefined };

/** A dashboard over a home with that many profiles whose gateways rest. */
export class FleetDashboard implements AsyncDisposable {
  readonly home: string;
  /** From its start until it was ready, in ms. */
  readonly startedIn: number;
  readonly dashboard: RunningDashboard;

  private constructor(home: string, dashboard: RunningDashboard, startedIn: number) {
    this.home = home;
    this.dashboard = dashboard;
    this.startedIn = startedIn;
  }

  static async start(profiles: number): Promise<FleetDashboard> {
    const home = await mkdtemp(join(tmpdir(), 'hermes-bench-'));
    await plant(home, profiles);
    const start = performance.now();
    const dashboard = await startDashboard({ home, env: ENVIRONMENT, onStderr: () => undefined });
    return new FleetDashboard(home, dashboard, performance.now() - start);
  }

  get pid(): number {
    return this.dashboard.program.pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dashboard.program.kill('SIGKILL');
    await rm(this.home, { recursive: true });
  }
}
