import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { currentInstantiationEpoch } from '@hermes/drain-contract';
import { type RunningDashboard, StackClient, startDashboard } from '@hermes/local-stack';
import { temporaryDirectory } from '@hermes/test-kit';
import { onTestFinished } from 'vitest';
import { startReferenceGateway } from './stand-in.ts';

/** The epoch of this machine, as a marker for a gateway beside us has to have it. */
export const OWN_EPOCH = currentInstantiationEpoch();

/** Our dashboard over a home, until the test is over. */
export async function dashboardOver(home: string): Promise<{ dashboard: RunningDashboard; client: StackClient }> {
  const env = { HERMES_DASHBOARD_PORT: '0', HERMES_DASHBOARD_DRAIN_SECRET: undefined };
  const dashboard = await startDashboard({ home, env, onStderr: () => undefined });
  onTestFinished(async () => void (await dashboard.program.kill('SIGKILL')));
  return { dashboard, client: new StackClient('http://no-gateway.invalid', dashboard.link) };
}

/** A home that a gateway of the reference system serves, with our dashboard over it. */
export async function overPython() {
  const home = temporaryDirectory();
  const gateway = await startReferenceGateway({ home });
  return { home, gateway, ...(await dashboardOver(home)) };
}

/** The content of a file of a home. */
export function contentOf(home: string, name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(home, name), 'utf8'));
}

/** Changes fields of a file of a home, in one step. */
export function change(home: string, name: string, fields: Record<string, unknown>): void {
  const path = join(home, name);
  writeFileSync(`${path}.new`, JSON.stringify({ ...contentOf(home, name), ...fields }));
  renameSync(`${path}.new`, path);
}

export const MARKER = '.drain_request.json';
export const STATE = 'gateway_state.json';
