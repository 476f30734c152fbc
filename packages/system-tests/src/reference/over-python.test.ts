import { freeze, isRoot, lacking, runs } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it } from 'vitest';
import { Drainctl, documentOf, drainctl } from '../live/drainctl-process.ts';
import { change, contentOf, MARKER, OWN_EPOCH, overPython, STATE } from './over-python.ts';
import { lacksPython, runReference, startReferenceGateway, toldByReference } from './stand-in.ts';

const HOUR_AGO = new Date(Date.now() - 3_600_000).toISOString();

describe.skipIf(lacksPython)('a gateway of the reference system is seen', () => {
  it.each<[what: string, fields: Record<string, unknown>, seen: Record<string, unknown>]>([
    ['live, although it has written nothing for an hour', { updated_at: HOUR_AGO }, { gateway_drainable: true }],
    [
      'live, with Unix seconds as the date',
      { updated_at: 1_700_000_000 },
      { heartbeat_at: expect.stringMatching(/^2023-11-14/) },
    ],
    ['live while it is degraded', { gateway_state: 'degraded', updated_at: HOUR_AGO }, { gateway_state: 'degraded' }],
    ['busy, by a text of digits', { active_agents: '2' }, { gateway_busy: true, active_agents: 2 }],
    ['live by gateway.pid, without a start time', { start_time: null, updated_at: HOUR_AGO }, {}],
    [
      'with turns that have no id',
      { active_agents: 1, active_work: [{ kind: 'cron' }] },
      { active_work: [{ id: 'cron-1', kind: 'cron', session: 'unknown' }] },
    ],
    [
      'as itself, where the file has fields of our gateway before it',
      { epoch: 'of-an-earlier-boot', drain: { request_id: 'x' }, version: '1.0.0', endpoint: 'http://127.0.0.1:1' },
      { drain: null },
    ],
  ])('%s', async (_what, fields, seen) => {
    const { home, client } = await overPython();
    change(home, STATE, fields);
    const { body } = await client.status();
    expect(body).toMatchObject({ gateway_running: true, liveness: 'live', ...seen });
    await client.beginDrain();
    expect(contentOf(home, MARKER)['epoch']).toBe(OWN_EPOCH);
  });

  it('dead at once when it was killed, however fresh its state is', async () => {
    const { home, client, gateway } = await overPython();
    await gateway.kill('SIGKILL');
    change(home, STATE, { updated_at: new Date().toISOString() });
    expect((await client.status()).body).toMatchObject({ gateway_running: false, liveness: 'died' });
    await startReferenceGateway({ home });
    expect((await client.status()).body).toMatchObject({ gateway_running: true, liveness: 'live' });
  });

  it('not live under the id of another process', async () => {
    const { home, client, gateway } = await overPython();
    await gateway.kill('SIGKILL');
    change(home, STATE, { pid: process.pid });
    expect((await client.status()).body).toMatchObject({ gateway_running: false });
  });
});

describe.skipIf(lacksPython)('a drain of a gateway of the reference system', () => {
  it('is over for drainctl when its turns are, and comes back', async () => {
    const { home, gateway, dashboard } = await overPython();
    await gateway.begin();
    await using waiting = new Drainctl({ home, dashboard }, 'begin', '--reason', 'update', '--wait');
    await waiting.says(/draining, 1 turn left/);
    expect(await gateway.begin()).toBe('refused');
    await gateway.end();
    expect(await waiting.ended()).toMatchObject({ code: 0, stdout: expect.stringMatching(/safe to stop/) });
    expect(await drainctl({ home, dashboard }, 'cancel')).toMatchObject({ code: 0 });
    await eventually(() => expect(contentOf(home, STATE)['gateway_state']).toBe('running'));
  });

  it('stays ours through refreshes by the reference system, which drop its id, reason and max age', async () => {
    const { home, gateway, dashboard, client } = await overPython();
    await gateway.begin();
    const begun = await drainctl({ home, dashboard }, 'begin', '--reason', 'update', '--max-age', '20m', '--json');
    const request = String(documentOf(begun)['request_id']);
    await using waiting = new Drainctl({ home, dashboard }, 'wait', '--request', request);
    await waiting.says(/1 turn left/);
    toldByReference({ home }, 'drain');
    toldByReference({ home }, 'drain');
    expect(contentOf(home, MARKER)).not.toHaveProperty('request_id');
    expect((await client.untilDrained(0)).body).toMatchObject({ request_id: request, reason: 'update' });
    expect(await drainctl({ home, dashboard }, 'extend', '--request', request)).toMatchObject({ code: 0 });
    const extended = { request_id: request, reason: 'update', max_age_seconds: 1_200, epoch: OWN_EPOCH };
    expect(contentOf(home, MARKER)).toMatchObject(extended);
    toldByReference({ home }, 'drain');
    await gateway.end();
    expect(await waiting.ended()).toMatchObject({ code: 0, stdout: expect.stringMatching(/safe to stop/) });
    expect(await drainctl({ home, dashboard }, 'cancel', '--request', request)).toMatchObject({ code: 0 });
    toldByReference({ home }, 'drain');
    expect((await client.untilDrained(0)).body).toMatchObject({ request_id: null, verdict: { active: true } });
  });

  it('is safe although a keep-alive is newer than the last state', async () => {
    const { home, client } = await overPython();
    await client.beginDrain({ max_age_seconds: 60 });
    await eventually(async () => expect((await client.status()).body).toMatchObject({ safe_to_stop: true }));
    await client.beginDrain();
    expect((await client.status()).body).toMatchObject({ safe_to_stop: true });
    expect(contentOf(home, MARKER)['epoch']).toBe(OWN_EPOCH);
  });

  it('is not safe by a state from before it', async () => {
    const { home, client, gateway } = await overPython();
    await freeze(gateway.pid);
    change(home, STATE, { gateway_state: 'draining', updated_at: HOUR_AGO });
    await client.beginDrain();
    expect((await client.status()).body).toMatchObject({ gateway_state: 'draining', safe_to_stop: false });
    gateway.child.kill('SIGCONT');
  });

  it('that the reference system began is seen, ends, and is cancelled by us', async () => {
    const { home, client, gateway } = await overPython();
    await gateway.begin();
    runReference({ home }, 'drain', '--principal', 'nas', '--quiet');
    const seen = (await client.untilDrained(0)).body;
    expect(seen).toMatchObject({ principal: 'nas', suppress_notification: true, safe_to_stop: false });
    await gateway.end();
    expect((await client.untilDrained()).body).toMatchObject({ safe_to_stop: true });
    expect((await client.cancelDrain()).body).toMatchObject({ was_draining: true });
    await eventually(() => expect(contentOf(home, STATE)['gateway_state']).toBe('running'));
  });

  it('says that its max age is not honoured, and lasts as long as it does there', async () => {
    const { home, dashboard, client } = await overPython();
    const begun = await drainctl({ home, dashboard }, 'begin', '--max-age', '60s');
    expect(begun).toMatchObject({ code: 0, stdout: expect.stringMatching(/ignores max_age_seconds/) });
    const hour = new Date(Date.now() - 1_800_000).toISOString();
    change(home, MARKER, { requested_at: hour });
    expect((await client.untilDrained(0)).body).toMatchObject({ verdict: { active: true } });
    expect((await client.beginDrain({ max_age_seconds: 3_600 })).body).not.toHaveProperty('warning');
  });

  it('of another boot is none', async () => {
    const { home, client } = await overPython();
    runReference({ home }, 'drain');
    change(home, MARKER, { epoch: 'another-boot:1' });
    expect((await client.untilDrained(0)).body).toMatchObject({ verdict: { active: false, reason: 'stale-epoch' } });
  });

  const lacksNamespaces = lacking('root, for another boot', isRoot() && runs('unshare', '--pid', '--fork', 'true'));
  it.skipIf(lacksNamespaces)('does not outlive a restart of its container', async () => {
    const { home, client, gateway } = await overPython();
    await client.beginDrain({ suppress_notification: true });
    await eventually(() => expect(contentOf(home, STATE)['gateway_state']).toBe('draining'));
    await gateway.kill('SIGKILL');
    // It tries the lock once, and would refuse a gateway that starts at that very moment.
    await eventually(async () => expect((await client.status()).body).toMatchObject({ gateway_running: false }));
    const within = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child=SIGKILL'];
    await startReferenceGateway({ home, within });
    expect(contentOf(home, STATE)['gateway_state']).toBe('running');
  });

  it('ends a wait when the gateway dies', async () => {
    const { home, dashboard, gateway } = await overPython();
    await gateway.begin();
    await using waiting = new Drainctl({ home, dashboard }, 'begin', '--wait');
    await waiting.says(/1 turn left/);
    await gateway.kill('SIGKILL');
    const { code, stdout } = await waiting.ended();
    expect([code === 0, stdout]).toEqual([false, expect.stringMatching(/died|gone/)]);
  });
});
