import { readDrainRequest, readGatewayState } from '@hermes/drain-contract';
import { type RunningDashboard, StackClient, startDashboard } from '@hermes/local-stack';
import { expect, test } from 'vitest';
import { drainctl, linesOf } from '../drainctl-process.ts';
import { describeS6 } from './suite.ts';
import { HERMES, Tree } from './tree.ts';

/** A supervised gateway whose turns take so long, in ms, and a dashboard beside it. */
async function supervisedStack(turn: number) {
  const tree = new Tree({ command: 'hermes-gateway' });
  let dashboard: RunningDashboard | undefined;
  try {
    const config = `api_server: {port: 0}\nagent: {kind: echo, delay_ms: ${turn}}\nrestart_drain_timeout: 1\n`;
    tree.addProfile('default', { 'config.yaml': config, 'desired_state.json': '{"desired_state":"running"}' });
    await tree.does('reconcile');
    await tree.start();
    await expect.poll(async () => (await tree.status('default')).state).toBe('up');
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

describeS6('a supervised gateway', () => {
  test('is drained, restarted and open again by three commands of an operator', async () => {
    await using stack = await supervisedStack(0);
    const { pid } = await stack.tree.status('default');
    expect(await drainctl(stack, 'restart')).toMatchObject({ code: 8, stderr: expect.stringContaining('safe') });
    expect(await drainctl(stack, 'begin', '--wait', '--reason', 'update')).toMatchObject({ code: 0 });
    expect((await stack.client().say('s', 'too late')).status).toBe(503);
    expect(await drainctl(stack, 'restart', '-o', 'ndjson')).toMatchObject({ code: 0 });
    const after = await stack.tree.status('default');
    expect(after).toMatchObject({ state: 'up', ready: true });
    expect(after.pid).not.toBe(pid);
    expect(readDrainRequest({ home: stack.home })).toBeUndefined();
    await expect.poll(() => readGatewayState({ home: stack.home })?.gateway_state).toBe('running');
    expect((await stack.client().say('s', 'hello')).body).toMatchObject({ reply: 'hello' });
    const history = linesOf(await drainctl(stack, 'history', '-o', 'ndjson'));
    expect(JSON.stringify(history)).toMatch(/restart.*drain.*restart/s);
    expect(await drainctl(stack, 'history', '--verify')).toMatchObject({ code: 0 });
  });

  test('that does not drain in time is interrupted when told to, and is still drained afterwards', async () => {
    await using stack = await supervisedStack(600_000);
    const { pid } = await stack.tree.status('default');
    expect((await stack.client().sayLater('s', 'endless')).status).toBe(202);
    const ended = await drainctl(stack, 'begin', '--wait', '--deadline', '1s', '--on-deadline', 'interrupt');
    expect(ended.stdout + ended.stderr).toMatch(/a restart that interrupts them has begun/);
    await expect.poll(async () => (await stack.tree.status('default')).pid, { timeout: 30_000 }).not.toBe(pid);
    await expect
      .poll(() => readGatewayState({ home: stack.home }), { timeout: 30_000 })
      .toMatchObject({
        gateway_state: 'draining',
        active_agents: 0,
      });
    expect((await stack.client().say('s', 'too late')).status).toBe(503);
  });
});
