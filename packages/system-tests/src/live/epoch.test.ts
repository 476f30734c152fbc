import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { currentInstantiationEpoch, drainRequestPath, readGatewayState } from '@hermes/drain-contract';
import { describe, expect, test } from 'vitest';
import { NEW_BOOT, newBootObstacle } from './new-boot.ts';
import { Testbed, type TestbedOptions } from './testbed.ts';
import { TurnGate } from './turn-gate.ts';

const EPOCH = [process.execPath, fileURLToPath(new URL('../contract/programs/print-epoch.ts', import.meta.url))];

const obstacle = newBootObstacle();
if (obstacle) console.warn(`skipped: epochs of other boots: no new PID namespace here: ${obstacle}`);

describe.skipIf(obstacle)('an epoch', () => {
  test('is another one in each boot', () => {
    const epochs = [printed(EPOCH), printed([...NEW_BOOT, ...EPOCH]), printed([...NEW_BOOT, ...EPOCH])].flat();
    expect(epochs[0]).toBe(currentInstantiationEpoch());
    expect(new Set(epochs).size).toBe(3);
  });

  test('stays the same for programs that are started again within a boot', () => {
    const epochs = printed([...NEW_BOOT, 'sh', '-c', '"$@"; "$@"; true', 'sh', ...EPOCH]);
    expect(epochs).toHaveLength(2);
    expect(epochs[0]).toBe(epochs[1]);
    expect(epochs[0]).not.toBe(currentInstantiationEpoch());
  });
});

describe.skipIf(obstacle)('a drain takes effect, tells when it is safe to stop, and is cancelled', () => {
  test.each<[where: string, within: NonNullable<TestbedOptions['within']>]>([
    ['the dashboard is in a container beside the gateway', { dashboard: NEW_BOOT }],
    ['the gateway is in a container and the dashboard is not', { gateway: NEW_BOOT }],
    ['both are in containers of their own', { gateway: NEW_BOOT, dashboard: NEW_BOOT }],
  ])('when %s', async (_where, within) => {
    await using gate = await TurnGate.start();
    await using testbed = await Testbed.start({ agent: gate.agent, within });
    const { client, home } = testbed;
    expect((await client.status()).body).toMatchObject({ gateway_state: 'running', gateway_running: true });
    const turn = client.say('anna', 'take your time');
    await expect.poll(async () => (await client.status()).body.active_agents).toBe(1);

    const begun = await client.beginDrain();
    expect(begun).toMatchObject({ status: 200, body: { draining: true, gateway_running: true } });
    expect(await client.say('ben', 'hello')).toMatchObject({ status: 503, body: { code: 'draining' } });
    const gatewayEpoch = readGatewayState({ home })?.epoch;
    expect(gatewayEpoch === currentInstantiationEpoch()).toBe(within.gateway === undefined);
    expect(JSON.parse(await readFile(drainRequestPath({ home }), 'utf8'))).toMatchObject({ epoch: gatewayEpoch });
    gate.open();
    expect((await turn).body).toMatchObject({ status: 'done' });
    const safe = { safe_to_stop: true, request_id: begun.body.request_id };
    expect((await client.untilDrained(10)).body).toMatchObject(safe);

    expect((await client.cancelDrain()).body).toMatchObject({ ok: true, was_draining: true });
    expect((await client.say('ben', 'hello again')).status).toBe(200);
    expect((await client.status()).body).toMatchObject({ gateway_state: 'running', gateway_running: true });
  });
});

/** The lines that a command prints. */
function printed([command = '', ...args]: readonly string[]): string[] {
  return execFileSync(command, args, { encoding: 'utf8', timeout: 120_000 }).trimEnd().split('\n');
}
