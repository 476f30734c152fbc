import { readGatewayState } from '@hermes/drain-contract';
import { type RunningDashboard, StackClient, startDashboard } from '@hermes/local-stack';
import { expect } from 'vitest';
import { HERMES, Tree } from './tree.ts';

/** A supervised gateway whose turns take so long, in ms, and a dashboard beside it. */
export async function supervisedStack(turn: number) {
  const tree = new Tree({ command: 'hermes-gateway' });
  let dashboard: RunningDashboard | undefined;
  try {
    const config = `api_server: {port: 0}\nagent: {kind: echo, delay_ms: ${turn}}\nrestart_drain_timeout: 1\n`;
    tree.addProfile('default', { 'config.yaml': config, 'desired_state.json': '{"desired_state":"running"}' });
    await tree.does('reconcile');
    await tree.start();
    await expect.poll(async () => (await tree.status('default')).state).toBe('running');
    dashboard = await startDashboard({
      home: tree.home,
      env: { S6_PROFILE_GATEWAY_SCANDIR: tree.scandir, HERMES_DASHBOARD_PORT: '0' },
      within: ['s6-setuidgid', `${HERMES.uid}:${HERMES.gid}`],
    });
  } catch (error) {
    await tree[Symbol.asyncDispose]();
    throw error;
  }
  const running = dashboard;
  const client = () => new StackClient(readGatewayState({ home: tree.home })?.endpoint ?? '', running.link);
  return {
    tree,
    dashboard: running,
    client,
    home: tree.home,
    [Symbol.asyncDispose]: async () => {
      await running.program.stop();
      await tree[Symbol.asyncDispose]();
    },
  };
}
