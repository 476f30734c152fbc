import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Program, startDashboard, startGateway } from '@hermes/local-stack';

/** A gateway and a dashboard of a new home, on free ports. */
export class DocsStack implements AsyncDisposable {
  /** Removed at the end. The home is in it, and there is room for what the pages write beside it. */
  readonly directory = mkdtempSync(join(tmpdir(), 'hermes-docs-'));
  readonly home = join(this.directory, 'home');
  gatewayUrl = '';
  dashboardUrl = '';
  readonly #programs: Program[] = [];

  private constructor() {
    mkdirSync(this.home, { mode: 0o700 });
  }

  static async start(): Promise<DocsStack> {
    const stack = new DocsStack();
    const env = { API_SERVER_PORT: '0', HERMES_DASHBOARD_PORT: '0', HERMES_LOG_LEVEL: 'error' };
    try {
      const gateway = await startGateway({ home: stack.home, env });
      stack.#programs.push(gateway.program);
      stack.gatewayUrl = gateway.url;
      const dashboard = await startDashboard({
        home: stack.home,
        env: { ...env, HERMES_DASHBOARD_LOG_LEVEL: 'error' },
      });
      stack.#programs.push(dashboard.program);
      stack.dashboardUrl = dashboard.url;
      return stack;
    } catch (error) {
      await stack[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What both programs answer to `GET /metrics`. */
  async metrics(): Promise<{ gateway: string; dashboard: string }> {
    const read = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text();
    return { gateway: await read(this.gatewayUrl), dashboard: await read(this.dashboardUrl) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.stop()));
    rmSync(this.directory, { recursive: true, force: true });
  }
}
