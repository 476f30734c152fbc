import { readDrainRequest, readGatewayState } from '@hermes/drain-contract';
import { expect, test } from 'vitest';
import { NO_BROWSER, OpenPage } from '../browser.ts';
import { drainctl, linesOf } from '../drainctl-process.ts';
import { Operator } from '../operator.ts';
import { describeS6 } from './suite.ts';
import { supervisedStack } from './supervised-stack.ts';

describeS6('a supervised gateway', () => {
  test('is drained, restarted and open again by three commands of an operator', async () => {
    await using stack = await supervisedStack(0);
    const { pid } = await stack.tree.status('default');
    expect(await drainctl(stack, 'restart')).toMatchObject({ code: 8, stderr: expect.stringContaining('safe') });
    expect(await drainctl(stack, 'begin', '--wait', '--reason', 'update')).toMatchObject({ code: 0 });
    expect((await stack.client().say('s', 'too late')).status).toBe(503);
    expect(await drainctl(stack, 'restart', '-o', 'ndjson')).toMatchObject({ code: 0 });
    const after = await stack.tree.status('default');
    expect(after).toMatchObject({ state: 'running', ready: true });
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
    expect(ended.stdout + ended.stderr).toMatch(/a restart that interrupts the remaining turns has begun/);
    await expect.poll(async () => (await stack.tree.status('default')).pid, { timeout: 120_000 }).not.toBe(pid);
    await expect
      .poll(() => readGatewayState({ home: stack.home }), { timeout: 120_000 })
      .toMatchObject({
        gateway_state: 'draining',
        active_agents: 0,
      });
    expect((await stack.client().say('s', 'too late')).status).toBe(503);
  });

  test.skipIf(NO_BROWSER)('is drained and restarted on the page, which shows its slot all along', async () => {
    await using stack = await supervisedStack(0);
    const { pid } = await stack.tree.status('default');
    await using browser = await OpenPage.open(1_280);
    const operator = new Operator(browser.page);
    await operator.follow(stack.dashboard.link);
    await operator.sees('state', 'running');
    await operator.drain({ reason: 'update', quiet: false });
    await operator.sees('verdict', 'Safe to stop');
    await operator.press('Restart…');
    await operator.press('Restart');
    await operator.sees('notice', 'Restart of default begun.');
    await operator.sees('state', 'running');
    expect((await stack.tree.status('default')).pid).not.toBe(pid);
    expect((await stack.client().say('s', 'hello')).body).toMatchObject({ reply: 'hello' });
    await operator.sees('requests', /Restart by .*Drain by/s);
    expect(browser.complaints).toEqual([]);
  });
});
