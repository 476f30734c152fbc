import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clearDrainRequest, writeDrainRequest } from '@hermes/drain-contract';
import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it } from 'vitest';
import { type GatewayProcess, startGateway } from './testing/gateway-process.ts';
import { bodyOf } from './testing/http-gateway.ts';

const NEVER_ENDS = 3_600_000;
const HELLO = { session: 's', text: 'hello', message_id: 'm1' };
const ASYNC = { prefer: 'respond-async' };

/** A home whose gateways take so long for a turn. */
function homeWith(delay: number, config = ''): string {
  const home = temporaryDirectory();
  configure(home, delay, config);
  return home;
}

function configure(home: string, delay: number, config = ''): void {
  writeFileSync(join(home, 'config.yaml'), `agent: {delay_ms: ${delay}}\n${config}`);
}

async function crash(gateway: GatewayProcess): Promise<void> {
  gateway.kill('SIGKILL');
  await gateway.exited;
}

async function turnOf(gateway: GatewayProcess, id: unknown): Promise<Record<string, unknown>> {
  return bodyOf(await fetch(`${gateway.url}/v1/turns/${id}`));
}

describe('a gateway that is killed in a turn', () => {
  it('runs again after the restart, and a client that repeats the message gets the same answer', async () => {
    const home = homeWith(NEVER_ENDS);
    const first = await startGateway({ home });
    const message = first.post(HELLO).catch((error: Error) => error);
    await eventually(() => expect(first.state?.active_agents).toBe(1));
    const [work] = first.state?.active_work ?? [];
    await crash(first);
    expect(await message).toBeInstanceOf(Error);

    configure(home, 0);
    const second = await startGateway({ home });
    const answers = await Promise.all([second.post(HELLO), second.post(HELLO)].map(async (each) => bodyOf(await each)));
    expect(answers).toEqual(Array(2).fill({ turn_id: work?.id, session: 's', status: 'done', reply: 'hello' }));
  });

  it('runs again even during a drain, is reported while it runs, and queued turns run afterwards', async () => {
    const home = homeWith(NEVER_ENDS);
    const first = await startGateway({ home });
    const running = await first.post(HELLO, ASYNC).then(bodyOf);
    const waiting = await first.post({ ...HELLO, message_id: 'm2', text: 'next' }, ASYNC).then(bodyOf);
    await writeDrainRequest({ home });
    await crash(first);

    configure(home, 300);
    const second = await startGateway({ home });
    await eventually(() => expect(second.state).toMatchObject({ active_agents: 1, gateway_state: 'draining' }));
    expect(second.state?.active_work).toMatchObject([{ id: running.turn_id, kind: 'internal' }]);
    expect(second.state?.drain?.drained_at).toBeNull();
    await eventually(() => expect(second.state?.drain?.drained_at).toEqual(expect.any(String)));
    expect(await turnOf(second, running.turn_id)).toMatchObject({ status: 'done', reply: 'hello' });
    expect(await turnOf(second, waiting.turn_id)).toMatchObject({ status: 'accepted' });
    await clearDrainRequest({ home });
    await eventually(async () =>
      expect(await turnOf(second, waiting.turn_id)).toMatchObject({ status: 'done', reply: 'next' }),
    );
  });

  it('does not run a third time after another kill, and its session gets the error', async () => {
    const home = homeWith(NEVER_ENDS);
    for (const _life of [1, 2]) {
      const gateway = await startGateway({ home });
      void gateway.post(HELLO).catch(() => undefined);
      await eventually(() => expect(gateway.state?.active_agents).toBe(1));
      await crash(gateway);
    }
    const third = await startGateway({ home });
    const answer = await third.post(HELLO);
    expect([answer.status, await bodyOf(answer)]).toEqual([
      422,
      expect.objectContaining({ code: 'turn-interrupted', detail: expect.stringContaining('restarted during') }),
    ]);
    expect((await fetch(`${third.url}/readyz?verbose`).then(bodyOf)).active_agents).toBe(0);
  });
});

describe('a message that a draining gateway has queued', () => {
  it('is answered by the next process if the drain ends after a restart', async () => {
    const home = homeWith(0, 'on_drain: queue\n');
    const first = await startGateway({ home });
    await writeDrainRequest({ home });
    const response = await first.post(HELLO);
    const queued = await bodyOf(response);
    expect([response.status, queued]).toEqual([202, expect.objectContaining({ status: 'accepted', queued: true })]);
    await crash(first);

    const second = await startGateway({ home });
    expect(await turnOf(second, queued.turn_id)).toMatchObject({ status: 'accepted' });
    await clearDrainRequest({ home });
    expect(await second.post(HELLO).then(bodyOf)).toMatchObject({ turn_id: queued.turn_id, reply: 'hello' });
  });
});
