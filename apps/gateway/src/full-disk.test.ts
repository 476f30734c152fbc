import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it } from 'vitest';
import { type GatewayProcess, startGateway } from './testing/gateway-process.ts';
import { bodyOf } from './testing/http-gateway.ts';
import { cannotMount, fill, smallVolume } from './testing/volumes.ts';

const MESSAGE = { session: 's', text: 'hello', message_id: 'm' };

/** A gateway on a small volume with an agent that answers, each time differently, once the test lets it. */
async function gatewayOnVolume() {
  const [home, elsewhere] = [smallVolume(6), temporaryDirectory()];
  const [go, runs] = [join(elsewhere, 'go'), join(elsewhere, 'runs')];
  writeFileSync(runs, '');
  const script = `echo run >> ${runs}; while [ ! -e ${go} ]; do sleep 0.02; done; echo "answer $(wc -l < ${runs})"`;
  const config = ['agent:', '  kind: command', `  command: [sh, -c, '${script}']`, '  replay: true'];
  writeFileSync(join(home, 'config.yaml'), [...config, 'restart_drain_timeout: 1', ''].join('\n'));
  const count = () => readFileSync(runs, 'utf8').split('\n').length - 1;
  return { gateway: await startGateway({ home }), home, runs: count, go: () => writeFileSync(go, '') };
}

/** Sends a message, and fills the volume while its turn runs. */
async function endOnFullDisk() {
  const parts = await gatewayOnVolume();
  const { gateway, home, runs, go } = parts;
  const answers: [number, Record<string, unknown>][] = [];
  const answer = gateway.post(MESSAGE).then(async (response) => {
    answers.push([response.status, await bodyOf(response)]);
  });
  await eventually(() => expect(runs()).toBe(1));
  const makeRoom = fill(home);
  go();
  // The state may be the first that cannot be written.
  const storage_problem = expect.stringMatching(/journal.*full/);
  await eventually(async () =>
    expect(await readiness(gateway)).toMatchObject({ status: 'storage-unavailable', storage_problem }),
  );
  return { ...parts, answers, answer, makeRoom };
}

async function readiness(gateway: GatewayProcess): Promise<Record<string, unknown>> {
  return bodyOf(await fetch(`${gateway.url}/readyz?verbose`));
}

const skipped = cannotMount();

describe.skipIf(skipped)('a turn that ends while the disk is full (needs root)', () => {
  it('is answered when there is room again, and the same after a crash', async () => {
    const { gateway, home, runs, answers, answer, makeRoom } = await endOnFullDisk();
    expect(await readiness(gateway)).toMatchObject({ active_agents: 1 });
    expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
    const refused = await gateway.post({ ...MESSAGE, session: 'other' });
    expect([refused.status, await bodyOf(refused)]).toMatchObject([503, { code: 'storage-unavailable' }]);
    const { turn_id } = await gateway.post(MESSAGE, { prefer: 'wait=0' }).then(bodyOf);
    expect(await fetch(`${gateway.url}/v1/turns/${turn_id}`).then(bodyOf)).toMatchObject({ status: 'running' });
    expect(answers).toEqual([]);

    makeRoom();
    await answer;
    expect(answers).toEqual([[200, { turn_id, session: 's', status: 'done', reply: 'answer 1\n' }]]);
    await eventually(async () => expect(await readiness(gateway)).toMatchObject({ status: 'ok', active_agents: 0 }));
    gateway.kill('SIGKILL');
    await gateway.exited;
    const next = await startGateway({ home });
    expect(await next.post(MESSAGE).then(bodyOf)).toEqual(answers[0]?.[1]);
    expect(runs()).toBe(1);
  });

  it('is not answered by a gateway that stops meanwhile, which says so, and is by the next one', async () => {
    const { gateway, home, runs, answers, answer, makeRoom } = await endOnFullDisk();
    gateway.kill('SIGTERM');
    const { signal, stderr } = await gateway.exited;
    await answer.catch(() => undefined);
    expect([signal, answers.filter(([status]) => status === 200)]).toEqual(['SIGTERM', []]);
    expect(stderr).toMatch(/"unstored":1,.*the results of turns could not be stored/);

    makeRoom();
    const next = await startGateway({ home });
    expect(await next.post(MESSAGE).then(bodyOf)).toMatchObject({ status: 'done', reply: 'answer 2\n' });
    expect(runs()).toBe(2);
  });
});
