import { expect, test } from 'vitest';
import { describeContainers } from '../container/suite.ts';
import { note, since } from './figures.ts';
import { sessionEvents } from './session-events.ts';
import { useStage } from './stage.ts';

/** The turn is still in flight at point (c), also on a busy machine. */
const TURN_MS = 8_000;

/** One story: each point goes on where the one before ended. */
describeContainers('the checklist', () => {
  const stage = useStage({ turn: TURN_MS, grace: 20 });
  let inFlight: ReturnType<typeof talk>;
  let requestId: unknown;

  async function talk() {
    const answer = await (await stage.client()).say('anna', 'nearly done');
    return { ...answer, at: performance.now() };
  }

  test('(a) a begin-drain is observed: the gateway publishes "draining" for this very request', async (context) => {
    const client = await stage.client();
    inFlight = talk();
    await stage.published((state) => state.active_agents === 1);
    const publication = stage.published((state) => state.gateway_state === 'draining');
    const asked = performance.now();
    const begun = await client.beginDrain({ reason: 'update' });
    const answered = performance.now();
    const { state, at } = await publication;
    requestId = begun.body.request_id;
    expect(begun).toMatchObject({ status: 200, body: { draining: true, gateway_running: true } });
    expect(state.drain).toMatchObject({ request_id: requestId, principal: 'dashboard', reason: 'update' });
    expect(state).toMatchObject({ active_agents: 1 });
    note(context, {
      answered_after_ms: Math.round(answered - asked),
      published_after_answer_ms: Math.max(0, Math.round(at - answered)),
    });
  });

  test('(b) a new message is refused with the draining notice, and starts nothing', async (context) => {
    const asked = performance.now();
    const refused = await (await stage.client()).say('ben', 'hello?');
    note(context, { refused_after_ms: since(asked) });
    expect(refused).toMatchObject({ status: 503, body: { code: 'draining' } });
    expect(refused.body.detail).toContain('Reason: update');
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    const [told] = await sessionEvents(stage.url, 'ben', (events) => events.length > 0);
    expect(told).toMatchObject({ type: 'notice', data: { notice: 'draining' } });
    expect(await journaled('ben')).toBe('');
    expect(stage.state?.active_work).toMatchObject([{ session: 'anna' }]);
  });

  test('(c) the turn in flight finishes untouched, and its answer is delivered', async (context) => {
    expect(stage.state).toMatchObject({ gateway_state: 'draining', active_agents: 1 });
    const answer = await inFlight;
    expect(answer).toMatchObject({ status: 200, body: { reply: 'nearly done' } });
    const turn = JSON.parse(await journaled('anna'));
    const took = Date.parse(turn.ended_at) - Date.parse(turn.started_at);
    expect(turn).toMatchObject({ status: 'done', attempts: 1, reply: 'nearly done' });
    note(context, { turn_of_ms: TURN_MS, took_ms: took });
  });

  test('(d) active turns fall to zero, and the controller reads "safe to stop" for its own request', async (context) => {
    const { body } = await (await stage.client()).untilDrained();
    note(context, { safe_after_last_answer_ms: since((await inFlight).at) });
    expect(body).toMatchObject({ safe_to_stop: true, request_id: requestId });
    expect(body.gateway).toMatchObject({ active_agents: 0, drain: { request_id: requestId } });
  });

  test('(e) a cancel returns to running, and accepts', async (context) => {
    const client = await stage.client();
    const publication = stage.published((state) => state.gateway_state === 'running');
    const cancelled = await client.cancelDrain();
    const answered = performance.now();
    const { at } = await publication;
    expect(cancelled).toMatchObject({ status: 200, body: { was_draining: true } });
    expect(await client.say('ben', 'hello again')).toMatchObject({ status: 200, body: { reply: 'hello again' } });
    note(context, { published_after_answer_ms: Math.max(0, Math.round(at - answered)) });
  });

  /** The turns of a session, one JSON a line. */
  async function journaled(session: string): Promise<string> {
    const printed = await stage.container.exec(['hermes-gateway', 'turns', '--session', session, '--json']);
    expect(printed.code).toBe(0);
    return printed.stdout.trim();
  }
});
