import { eventually } from '@hermes/test-kit/eventually';
import { expect } from 'vitest';
import { drainctl } from '../live/drainctl-process.ts';
import { Testbed } from '../live/testbed.ts';
import type { Side } from './side.ts';

/** What two versions on one home come to: all works, or the second says in words that it cannot, and changes nothing. */
export type Outcome = 'works' | 'refused';

/** A situation in which programs of two versions meet. */
export interface Scenario {
  /** As the page on compatibility has it; "first" and "second" are the versions. */
  readonly title: string;
  play(first: Side, second: Side): Promise<Outcome>;
}

/** Long enough for messages to queue behind it. */
const TURN_MS = 1_500;
export const NEWER_SCHEMA = /its schema is version \d+, this program knows versions up to \d+; install a newer release/;

export const SCENARIOS: readonly Scenario[] = [
  {
    title: 'a gateway of the first is drained by a dashboard and a drainctl of the second',
    async play(first, second) {
      await using testbed = await Testbed.start({
        installation: { ...first, dashboard: second.dashboard },
        turn: TURN_MS,
      });
      const turn = send(testbed, 'anna', 'm1');
      await untilInFlight(testbed);
      await operate(testbed, second, 'begin', '--wait');
      expect(await turn).toMatchObject({ status: 200, body: { status: 'done', reply: 'm1' } });
      expect(await send(testbed, 'anna', 'm2')).toMatchObject({ status: 503, body: { code: 'draining' } });
      await operate(testbed, second, 'cancel');
      expect(await send(testbed, 'anna', 'm3')).toMatchObject({ status: 200, body: { status: 'done' } });
      return 'works';
    },
  },
  {
    title: 'dashboards of both versions serve one home: one begins a drain, the other cancels it',
    async play(first, second) {
      await using testbed = await Testbed.start({ installation: first });
      await operate(testbed, first, 'begin', '--wait');
      testbed.installation = second;
      await using _other = await alsoStartDashboard(testbed);
      await operate(testbed, second, 'status');
      await operate(testbed, second, 'cancel');
      expect(await send(testbed, 'anna', 'm1')).toMatchObject({ status: 200 });
      return 'works';
    },
  },
  {
    title: 'a gateway of the first is drained, stopped and replaced by one of the second; the drain is then cancelled',
    async play(first, second) {
      await using testbed = await Testbed.start({ installation: first });
      const answered = await send(testbed, 'anna', 'm1');
      await operate(testbed, first, 'begin', '--wait');
      await testbed.gateway.program.stop();
      testbed.installation = second;
      if ((await startGateway(testbed)) === 'refused') return 'refused';
      await testbed.dashboard.program.stop();
      await testbed.startDashboard();
      expect(await send(testbed, 'anna', 'm2')).toMatchObject({ status: 503, body: { code: 'draining' } });
      expect(await send(testbed, 'anna', 'm1')).toEqual(answered);
      await operate(testbed, second, 'cancel');
      expect(await send(testbed, 'anna', 'm2')).toMatchObject({ status: 200, body: { status: 'done' } });
      return 'works';
    },
  },
  {
    title: 'a gateway of the first is killed with messages in its queue; one of the second answers each of them once',
    async play(first, second) {
      await using testbed = await Testbed.start({ installation: first, turn: TURN_MS, dashboard: false });
      const accepted: Sent[] = [];
      for (const id of ['m1', 'm2', 'm3']) accepted.push(await send(testbed, 'anna', id, 'respond-async'));
      await testbed.gateway.program.kill('SIGKILL');
      testbed.installation = second;
      const outcome = await startGateway(testbed);
      if (outcome === 'refused') {
        testbed.installation = first;
        await testbed.startGateway();
      }
      for (const [index, { body }] of accepted.entries()) {
        const end = await eventually(async () => {
          const { body: turn } = await testbed.client.turn(body['turn_id']);
          expect(['done', 'interrupted']).toContain(turn['status']);
          return turn;
        });
        // The one that ran may be reported as interrupted; those behind it have not begun.
        if (index > 0) expect(end).toMatchObject({ status: 'done', reply: `m${index + 1}` });
        const again = await send(testbed, 'anna', `m${index + 1}`);
        expect(again.body['turn_id']).toBe(body['turn_id']);
      }
      return outcome;
    },
  },
];

interface Sent {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The text is the id, so that an answer tells whose it is. */
export async function send({ gateway }: Testbed, session: string, id: string, prefer = 'wait=60'): Promise<Sent> {
  const response = await fetch(`${gateway.url}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer },
    body: JSON.stringify({ session, text: id, message_id: id }),
    signal: AbortSignal.timeout(120_000),
  });
  return { status: response.status, body: (await response.json()) as Sent['body'] };
}

async function operate({ home, dashboard }: Testbed, side: Side, ...words: readonly string[]): Promise<void> {
  const ended = await drainctl({ home, dashboard, drainctl: [side.node, side.drainctl] }, ...words);
  expect(ended, `drainctl ${words.join(' ')}: ${ended.stderr}`).toMatchObject({ code: 0, signal: null });
}

async function untilInFlight({ client }: Testbed): Promise<void> {
  await eventually(async () => {
    expect((await client.status()).body).toMatchObject({ active_agents: 1 });
  });
}

/** A gateway of another version may refuse the journal, which it then leaves as it is. */
async function startGateway(testbed: Testbed): Promise<Outcome> {
  try {
    await testbed.startGateway();
    return 'works';
  } catch (error) {
    expect((error as Error).message).toMatch(/exit code 78/);
    // Its end may be seen before its last words.
    await expect.poll(() => testbed.lastWords).toMatch(NEWER_SCHEMA);
    return 'refused';
  }
}

/** Beside the one that runs. */
async function alsoStartDashboard(testbed: Testbed): Promise<AsyncDisposable> {
  const { program } = testbed.dashboard;
  await testbed.startDashboard();
  return { [Symbol.asyncDispose]: () => program.kill('SIGKILL').then(() => undefined) };
}
