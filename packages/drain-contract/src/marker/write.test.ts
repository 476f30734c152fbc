import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { temporaryDirectory } from '@hermes/test-kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { currentInstantiationEpoch } from '../epoch/epoch.ts';
import { writeGatewayState } from '../state/file.ts';
import { DEAD_PID, gatewayState } from '../testing/gateway-states.ts';
import { formatIsoDateTime } from '../time.ts';
import { drainRequestPath } from './path.ts';
import { readDrainVerdict } from './read.ts';
import { DRAIN_LOCK_FILENAME } from './schema.pure.ts';
import { clearDrainRequest, writeDrainRequest } from './write.ts';

const T = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const OWN = currentInstantiationEpoch();
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let home: string;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: T });
  home = temporaryDirectory();
});

afterEach(() => {
  vi.useRealTimers();
});

const later = (ms: number) => vi.setSystemTime(Date.now() + ms);
/** What is in the home but for the lock of the writers. */
const files = () => readdirSync(home).filter((name) => name !== DRAIN_LOCK_FILENAME);
const markerText = () => readFileSync(drainRequestPath({ home }), 'utf8');

describe('writeDrainRequest', () => {
  it('begins a drain with the fields of the reference system, in its order, and an id', async () => {
    const request = await writeDrainRequest({ home });
    expect(Object.entries(JSON.parse(markerText()))).toEqual([
      ['action', 'drain'],
      ['requested_at', '2026-01-02T03:04:05.678000+00:00'],
      ['principal', 'drain-control'],
      ['epoch', OWN],
      ['suppress_notification', false],
      ['request_id', expect.stringMatching(UUID_V7)],
    ]);
    expect(JSON.parse(markerText())).toEqual(request);
    expect(files()).toEqual(['.drain_request.json']);
  });

  it('with a precondition only begins, or only refreshes the named request', async () => {
    const mismatch = { code: 'request_mismatch' };
    await expect(writeDrainRequest({ home, requestId: 'gone' })).rejects.toMatchObject(mismatch);
    expect(files()).toEqual([]);
    const { request_id: requestId } = await writeDrainRequest({ home, requestId: null });
    await expect(writeDrainRequest({ home, requestId: null })).rejects.toMatchObject(mismatch);
    later(1000);
    expect(await writeDrainRequest({ home, requestId })).toMatchObject({ request_id: requestId });
    await expect(writeDrainRequest({ home, requestId: 'another' })).rejects.toMatchObject(mismatch);
    expect(JSON.parse(markerText())).toMatchObject({ requested_at: '2026-01-02T03:04:06.678000+00:00' });
  });

  it('announces a new drain for its lead, and keeps the time of the first refusal on every refresh', async () => {
    const refuse_after = '2026-01-02T03:04:35.678000+00:00';
    const first = await writeDrainRequest({ home, leadSeconds: 30 });
    expect(first).toMatchObject({ refuse_after });
    expect(readDrainVerdict({ home })).toMatchObject({ active: false, reason: 'announced' });
    for (const lead of [undefined, 300, 0]) {
      later(9_000);
      expect(await writeDrainRequest({ home, leadSeconds: lead })).toMatchObject({
        request_id: first.request_id,
        refuse_after,
      });
      expect(readDrainVerdict({ home }).reason).toBe('announced');
    }
    later(3_000);
    expect(readDrainVerdict({ home })).toMatchObject({ active: true });
    later(60_000);
    expect(await writeDrainRequest({ home, leadSeconds: 30 })).toMatchObject({ refuse_after });
    expect(readDrainVerdict({ home })).toMatchObject({ active: true, request: { request_id: first.request_id } });
  });

  it('does not take over a time of the first refusal that counts for nothing, since it might count later', async () => {
    const refuse_after = formatIsoDateTime(T + 1_200_000);
    writeFileSync(drainRequestPath({ home }), JSON.stringify({ requested_at: formatIsoDateTime(T), refuse_after }));
    expect(readDrainVerdict({ home }).active).toBe(true);
    expect(await writeDrainRequest({ home })).not.toHaveProperty('refuse_after');
  });

  it.each([-1, 300.5, Number.NaN])('refuses a lead of %d s', async (leadSeconds) => {
    await expect(writeDrainRequest({ home, leadSeconds })).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(files()).toEqual([]);
  });

  it('begins under the id that its caller chose, refreshes its own drain and never takes over another', async () => {
    const mine = 'a0b1c2d3-e4f5-4a6b-8c7d-9e0f1a2b3c4d';
    expect(await writeDrainRequest({ home, clientRequestId: mine, leadSeconds: 1 })).toMatchObject({
      request_id: mine,
    });
    const held = { code: 'request_held', message: expect.stringContaining(mine) };
    const other = mine.replace('a', 'b');
    await expect(writeDrainRequest({ home, clientRequestId: other })).rejects.toMatchObject(held);
    later(1_000);
    await expect(writeDrainRequest({ home, clientRequestId: other })).rejects.toMatchObject(held);
    expect(await writeDrainRequest({ home, clientRequestId: mine })).toMatchObject({ request_id: mine });
    expect(await writeDrainRequest({ home })).toMatchObject({ request_id: mine });
    await clearDrainRequest({ home, requestId: mine });
    expect(await writeDrainRequest({ home, clientRequestId: other })).toMatchObject({ request_id: other });
  });

  it.each([
    ['of a writer without ids', '{"requested_at":"2026-01-02T03:04:05+00:00"}'],
    ['that is corrupt', '{'],
  ])('does not take over a drain %s under a chosen id', async (_what, text) => {
    writeFileSync(drainRequestPath({ home }), text);
    utimesSync(drainRequestPath({ home }), T / 1000, T / 1000);
    const clientRequestId = 'a0b1c2d3-e4f5-4a6b-8c7d-9e0f1a2b3c4d';
    await expect(writeDrainRequest({ home, clientRequestId })).rejects.toMatchObject({ code: 'request_held' });
    expect(markerText()).toBe(text);
  });

  it('refuses an id that is no UUID', async () => {
    const request = writeDrainRequest({ home, clientRequestId: 'mine' });
    await expect(request).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(files()).toEqual([]);
  });

  it('cancels an announced drain, and only that of the holder', async () => {
    const { request_id: requestId } = await writeDrainRequest({ home, leadSeconds: 30 });
    await expect(clearDrainRequest({ home, requestId: 'another' })).rejects.toMatchObject({
      code: 'request_mismatch',
    });
    await expect(writeDrainRequest({ home, requestId: null })).rejects.toMatchObject({ code: 'request_mismatch' });
    expect(await clearDrainRequest({ home, requestId })).toBe(true);
    expect(files()).toEqual([]);
  });

  it('writes all options', async () => {
    const request = await writeDrainRequest({
      home,
      principal: 'fleet',
      suppressNotification: true,
      reason: 'image\n\u001b[2J update ',
      maxAgeSeconds: 90.5,
      epoch: 'boot:7',
    });
    expect(request).toMatchObject({
      principal: 'fleet',
      suppress_notification: true,
      reason: 'image [2J update',
      max_age_seconds: 90.5,
      epoch: 'boot:7',
    });
    expect(JSON.parse(markerText())).toEqual(request);
  });

  it('a refresh keeps the id and all options that it omits', async () => {
    const first = await writeDrainRequest({
      home,
      principal: 'fleet',
      suppressNotification: true,
      reason: 'update',
      maxAgeSeconds: 60,
    });
    later(59_000);
    const second = await writeDrainRequest({ home });
    expect(second).toEqual({ ...first, requested_at: formatIsoDateTime(T + 59_000) });
    expect(JSON.parse(markerText())).toEqual(second);
    later(59_000);
    expect(readDrainVerdict({ home })).toMatchObject({ active: true, request: { request_id: first.request_id } });
  });

  it('a refresh changes the options that it sets, and keeps the id', async () => {
    const first = await writeDrainRequest({ home, suppressNotification: true, reason: 'update', maxAgeSeconds: 60 });
    const changes = { principal: 'ops', suppressNotification: false, reason: '', maxAgeSeconds: 30 };
    const second = await writeDrainRequest({ home, ...changes });
    expect(second).toEqual({
      ...first,
      principal: 'ops',
      suppress_notification: false,
      reason: undefined,
      max_age_seconds: 30,
    });
    expect(JSON.parse(markerText())).not.toHaveProperty('reason');
  });

  it.each<[what: string, end: () => unknown]>([
    ['cancelled', () => clearDrainRequest({ home })],
    ['outlived by its machine', () => writeFileSync(drainRequestPath({ home }), staleMarker())],
    ['over its age', () => later(60_001)],
  ])('gives a new id after a drain that was %s, and inherits nothing', async (_what, end) => {
    const first = await writeDrainRequest({ home, suppressNotification: true, reason: 'update', maxAgeSeconds: 60 });
    await end();
    const second = await writeDrainRequest({ home });
    expect(second.request_id).not.toBe(first.request_id);
    expect(second).not.toHaveProperty('reason', 'update');
    expect(second).toMatchObject({ suppress_notification: false });
    expect(JSON.parse(markerText())).not.toHaveProperty('max_age_seconds');
  });

  it.each(['not json', '{"request_id":"made up"}', '{"request_id":5,"reason":[1],"max_age_seconds":"x"}'])(
    'gives a drain an id of ours that began as %s',
    async (text) => {
      writeFileSync(drainRequestPath({ home }), text);
      const request = await writeDrainRequest({ home });
      expect(request).toMatchObject({ request_id: expect.stringMatching(UUID_V7), principal: 'drain-control' });
      expect(JSON.parse(markerText())).toEqual(request);
    },
  );

  it('begins one drain, however many ask at the same time', async () => {
    const requests = await Promise.all(Array.from({ length: 20 }, () => writeDrainRequest({ home })));
    expect(new Set(requests.map((request) => request.request_id)).size).toBe(1);
    expect(files()).toEqual(['.drain_request.json']);
  });

  it('and clearDrainRequest take effect in the order of the calls', async () => {
    const calls = [writeDrainRequest({ home }), clearDrainRequest({ home }), writeDrainRequest({ home })] as const;
    const [first, cleared, second] = await Promise.all(calls);
    expect(cleared).toBe(true);
    expect(second.request_id).not.toBe(first.request_id);
  });

  it.each<[what: string, options: Parameters<typeof writeDrainRequest>[0], field: string]>([
    ['a reason of 501 characters', { reason: 'x'.repeat(501) }, 'reason'],
    ['a principal of 201 characters', { principal: 'x'.repeat(201) }, 'principal'],
    ['an age of 0', { maxAgeSeconds: 0 }, 'max_age_seconds'],
    ['an age above a day', { maxAgeSeconds: 86_400.5 }, 'max_age_seconds'],
    ['an age that is no number', { maxAgeSeconds: Number.NaN }, 'max_age_seconds'],
    ['an age without end', { maxAgeSeconds: Number.POSITIVE_INFINITY }, 'max_age_seconds'],
    ['a flag that is none', { suppressNotification: 'yes' as unknown as boolean }, 'suppress_notification'],
    ['an epoch that is no text', { epoch: 5 as unknown as string }, 'epoch'],
  ])('refuses %s and changes nothing', async (_what, options, field) => {
    await expect(writeDrainRequest({ home, ...options })).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining(`bad drain request: ${field}: `),
    });
    expect(files()).toEqual([]);
    await writeDrainRequest({ home });
    const before = markerText();
    await expect(writeDrainRequest({ home, ...options })).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(markerText()).toBe(before);
  });

  it('accepts a reason of 500 characters', async () => {
    await expect(writeDrainRequest({ home, reason: 'x'.repeat(500) })).resolves.toHaveProperty('reason.length', 500);
  });

  it('says which home is missing', async () => {
    const missing = `${home}/nowhere`;
    await expect(writeDrainRequest({ home: missing })).rejects.toMatchObject({
      code: 'home_missing',
      message: expect.stringContaining(missing),
    });
  });
});

describe('the epoch of a drain', () => {
  const OTHER = 'boot-of-another-container:42';
  const aged = (ms: number) => formatIsoDateTime(T - ms);

  it.each<[what: string, state: Parameters<typeof gatewayState>[0], expected: string]>([
    ['the live gateway', { epoch: OTHER, updated_at: aged(0) }, OTHER],
    ['the live gateway at the end of its heartbeat', { epoch: OTHER, updated_at: aged(29_999) }, OTHER],
    ['the writer when the heartbeat is stale', { epoch: OTHER, updated_at: aged(30_000) }, OWN],
    ['the writer when the gateway has stopped', { epoch: OTHER, gateway_state: 'stopped' }, OWN],
    ['the live gateway though its pid means nothing here', { epoch: OTHER, pid: DEAD_PID }, OTHER],
    ['the writer when the gateway died in this epoch', { epoch: OWN, pid: DEAD_PID }, OWN],
  ])('is that of %s', async (_what, state, expected) => {
    await writeGatewayState(gatewayState(state), { home });
    const request = await writeDrainRequest({ home });
    expect(request.epoch).toBe(expected);
    expect(readDrainVerdict({ home, epoch: expected }).reason).toBe('current');
  });

  it('decides which drain is refreshed', async () => {
    await writeGatewayState(gatewayState({ epoch: OTHER }), { home });
    const first = await writeDrainRequest({ home });
    await writeGatewayState(gatewayState({ epoch: 'after its restart' }), { home });
    const second = await writeDrainRequest({ home });
    expect(second.request_id).not.toBe(first.request_id);
    expect(second.epoch).toBe('after its restart');
  });
});

/** The marker as it is, from before a restart of the machine. */
function staleMarker(): string {
  return JSON.stringify({ ...JSON.parse(markerText()), epoch: 'an earlier boot' });
}
