import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, test } from 'vitest';
import { drives } from '../../platforms/drives.ts';
import { describeContainers } from '../container/suite.ts';
import { note, since } from './figures.ts';
import { send } from './people.ts';
import { useStage } from './stage.ts';
import { untilAccepting } from './until.ts';

drives(
  'image-in-namespaces',
  'drain at `docker stop`, stop within the budget, what waited is answered after the next start',
  { s6: 'dpkg-query -W s6', Node: 'node --version' },
);

const TURN_MS = 4_000;

/** The image's own default, in seconds. */
const DEFAULT_GRACE = 30;

/** What the image's documentation tells people to give it, in seconds. */
const README = fileURLToPath(new URL('../../../../../deploy/image/README.md', import.meta.url));
const STOP_GRACE = Number(/--stop-timeout (\d+)/.exec(readFileSync(README, 'utf8'))?.[1]);

interface Check {
  readonly check: string;
  readonly ok: boolean | null;
  readonly found: string;
  readonly cure: string | null;
}

describeContainers('docker stop', () => {
  const stage = useStage({ turn: TURN_MS, grace: DEFAULT_GRACE });
  beforeEach(() => stage.reset());

  test('drains: a turn in flight finishes and is answered, and what waited is answered after the next start', async (context) => {
    const running = { session: 'anna', text: 'nearly done', message_id: 'running' };
    const waiting = { session: 'anna', text: 'and then', message_id: 'waiting' };
    const answer = send(stage.url, running);
    await stage.published((state) => state.active_agents === 1);
    const later = await send(stage.url, waiting, { prefer: 'respond-async' });
    const stopping = performance.now();
    const stopped = stage.container.stop({ graceMs: STOP_GRACE * 1_000 });
    expect(await answer).toMatchObject({ status: 200, body: { reply: 'nearly done' } });
    const answered = since(stopping);
    expect(await stopped).toEqual({ code: 0, signal: null, graceful: true });
    note(context, { answered_after_ms: answered, stopped_after_ms: since(stopping), budget_ms: STOP_GRACE * 1_000 });
    expect(stage.state).toMatchObject({ gateway_state: 'stopped', exit: { signal: 'SIGTERM', interrupted: 0 } });
    await stage.container.start();
    await untilAccepting(stage.url);
    expect(later).toMatchObject({ status: 202 });
    expect(await send(stage.url, waiting)).toMatchObject({ status: 200, body: { reply: 'and then' } });
  });

  test('that is too short cuts the turn off, and costs nobody the answer all the same', async () => {
    const letter = { session: 'ben', text: 'cut off', message_id: 'cut off' };
    const lost = send(stage.url, letter);
    await stage.published((state) => state.active_agents === 1);
    expect(await stage.container.stop({ graceMs: 200 })).toMatchObject({ graceful: false });
    expect(await lost).toBe(undefined);
    await stage.container.start();
    await untilAccepting(stage.url);
    expect(await send(stage.url, letter)).toMatchObject({ status: 200, body: { reply: 'cut off' } });
  });

  test("has timers that nest with the image's defaults: the doctor proves it", async (context) => {
    const { code, checks } = await examine(STOP_GRACE);
    expect(checks.filter(({ ok }) => ok !== true)).toEqual([]);
    expect(code).toBe(0);
    const timers = checks.filter(({ found }) => / s, needs \d+ s$/.test(found));
    expect(timers.map(({ check }) => check)).toEqual([
      'gateway grace',
      'slot timeout-kill',
      'gateways timeout-kill',
      'gateways timeout-down',
      'container stop',
    ]);
    note(context, Object.fromEntries(timers.map(({ check, found }) => [check.replaceAll(/\W+/g, '_'), found])));
  });

  test("with Docker's own ten seconds has not: the doctor says what would, and that is true", async (context) => {
    const { code, checks } = await examine(10);
    expect(code).not.toBe(0);
    const failed = checks.filter(({ ok }) => ok === false);
    expect(failed.map(({ check }) => check)).toEqual(['container stop']);
    const needed = Number(/docker stop -t (\d+)/.exec(failed[0]?.cure ?? '')?.[1]);
    expect(await examine(needed)).toMatchObject({ code: 0 });
    expect(await examine(needed - 1)).not.toMatchObject({ code: 0 });
    note(context, { needed_s: needed });
  });

  async function examine(stopGrace: number): Promise<{ readonly code: number; readonly checks: readonly Check[] }> {
    const { code, stdout } = await stage.container.exec([
      'hermes-s6',
      'doctor',
      '--json',
      '--stop-grace',
      String(stopGrace),
    ]);
    return { code, ...JSON.parse(stdout) };
  }
});
