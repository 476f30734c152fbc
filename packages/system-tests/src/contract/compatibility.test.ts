import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as today from '@hermes/drain-contract';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Contract, type Meanings, recordedReleases } from '../releases/release.ts';
import { EPOCH, REQUESTS, STATES } from './samples.ts';

const releases = await recordedReleases();

function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'hermes-compatibility-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

/** All that `reader` can tell of a drain and of the gateway of `home`, in values that compare. */
function told(reader: Contract, home: string, now: number) {
  const observation = reader.observeGateway({ home, now });
  const verdict = reader.readDrainVerdict({ home, epoch: EPOCH, now });
  return {
    verdict,
    requested: reader.drainRequested({ home, epoch: EPOCH, now }),
    suppressed: reader.drainNotificationSuppressed({ home, epoch: EPOCH, now }),
    body: reader.readDrainRequest({ home }),
    observation,
    safe: reader.isSafeToStop(observation.state, observation.live, verdict, now),
    intent: reader.readDesiredState({ home }),
  };
}

test('at least one release has been recorded', () => {
  expect(releases.map((release) => release.name)).toContain('v0.1.0');
});

describe.each(releases)('what $name wrote', ({ directory, meanings }) => {
  /** Puts a recorded file where today's readers look. */
  function homeWith(folder: keyof Meanings, name: string, path: (options: { home: string }) => string): string {
    const home = temporaryHome();
    copyFileSync(join(directory, folder, `${name}.json`), path({ home }));
    return home;
  }

  test.each(['markers', 'states', 'intents'] as const)('has a meaning beside each of its %s', (folder) => {
    const files = readdirSync(join(directory, folder)).map((name) => name.replace(/\.json$/, ''));
    expect(files.sort()).toEqual(Object.keys(meanings[folder]).sort());
    expect(files).not.toEqual([]);
  });

  test.each(Object.entries(meanings.markers))('means the same today: marker %s', (name, { epoch, now, verdict }) => {
    const home = homeWith('markers', name, today.drainRequestPath);
    expect(today.readDrainVerdict({ home, epoch, now })).toMatchObject(verdict);
    expect(today.readDrainRequest({ home })).toEqual(verdict.body);
  });

  test.each(Object.entries(meanings.states))('means the same today: state %s', (name, { now, view, ...meaning }) => {
    const home = homeWith('states', name, today.gatewayStatePath);
    const state = today.readGatewayState({ home });
    expect(state).toMatchObject(view);
    expect(today.isGatewayLive(state, now)).toBe(meaning.live);
    for (const [marker, safe] of Object.entries(meaning.safe_to_stop)) {
      const { epoch, ...recorded } = meanings.markers[marker] ?? expect.fail(`no marker ${marker}`);
      const markerHome = homeWith('markers', marker, today.drainRequestPath);
      const verdict = today.readDrainVerdict({ home: markerHome, epoch, now: recorded.now });
      expect([marker, today.isSafeToStop(state, meaning.live, verdict, now)]).toEqual([marker, safe]);
    }
  });

  test.each(Object.entries(meanings.intents))('means the same today: intent %s', (name, { intent }) => {
    expect(today.readDesiredState({ home: homeWith('intents', name, today.desiredStatePath) })).toMatchObject(
      intent ?? {},
    );
  });

  test('is safe to stop in one of the recorded situations, and live in some', () => {
    const states = Object.values(meanings.states);
    expect(states.flatMap((state) => Object.values(state.safe_to_stop)).filter(Boolean)).not.toEqual([]);
    expect(new Set(states.map((state) => state.live))).toEqual(new Set([true, false]));
  });
});

describe.each(releases)('$name beside today', ({ contract: yesterday }) => {
  const pairs: [who: string, writer: Contract, reader: Contract][] = [
    ['today writes and yesterday reads', today, yesterday],
    ['yesterday writes and today reads', yesterday, today],
  ];

  /** Today may tell more than yesterday, but nothing else. */
  function expectAgreement(home: string, now: number): void {
    expect(told(today, home, now)).toMatchObject(told(yesterday, home, now));
  }

  describe.each(pairs)('when %s', (_who, writer, reader) => {
    test.each(REQUESTS)('a request %s means the same to both', async (_what, options) => {
      const home = temporaryHome();
      const request = await writer.writeDrainRequest({ home, epoch: EPOCH, ...options });
      const now = Date.parse(request.requested_at);
      expectAgreement(home, now);
      expect(told(reader, home, now)).toMatchObject({ requested: request.epoch !== 'boot:2', body: request });
      expect(request).toMatchObject(reader.drainRequestSchema.parse(request));
    });

    test.each(STATES)('the state of a gateway that is %s means the same to both', async (_what, state) => {
      const home = temporaryHome();
      const request = await writer.writeDrainRequest({ home, epoch: EPOCH });
      const now = Date.parse(request.requested_at);
      const drain = state.drain && { ...state.drain, request_id: request.request_id };
      const published = { ...state, drain, updated_at: request.requested_at };
      await writer.writeGatewayState(published, { home });
      expectAgreement(home, now);
      const unsaid = {
        queued_turns: null,
        refused_turns: null,
        shared_turns: null,
        channels: [],
        stop_timeout: null,
        turn_timeout: null,
        start_problem: null,
        start_time: null,
        desired_state: null,
      };
      expect({ ...unsaid, ...published }).toMatchObject(reader.readGatewayState({ home }) ?? {});
      const { observation, safe } = told(reader, home, now);
      expect(observation.live).toBe(!['stopped', 'startup_failed'].includes(state.gateway_state));
      expect(safe).toBe(state.gateway_state === 'draining' && state.active_agents === 0);
    });

    test.each(['running', 'stopped'] as const)('the intent %s means the same to both', async (intent) => {
      const home = temporaryHome();
      const written = await writer.writeDesiredState(intent, { home });
      expectAgreement(home, Date.now());
      expect(reader.readDesiredState({ home })).toMatchObject({
        desired_state: intent,
        updated_at: written.updated_at,
      });
    });

    test('a refresh by the reader keeps the drain of the writer, and all it asks for', async () => {
      const home = temporaryHome();
      const options = { reason: 'new image', suppressNotification: true, maxAgeSeconds: 90, principal: 'ops' };
      const { request_id } = await writer.writeDrainRequest({ home, epoch: EPOCH, ...options });
      const refreshed = await reader.writeDrainRequest({ home, epoch: EPOCH });
      expect(refreshed).toMatchObject({
        request_id,
        reason: 'new image',
        suppress_notification: true,
        max_age_seconds: 90,
        principal: 'ops',
      });
      const now = Date.parse(refreshed.requested_at);
      expect(told(writer, home, now)).toMatchObject({ requested: true, suppressed: true, body: refreshed });
    });

    test('the reader addresses a gateway that publishes its state through the writer', async () => {
      const home = temporaryHome();
      const [, state] = STATES[0] ?? expect.fail('no sample of a state');
      await writer.writeGatewayState({ ...state, updated_at: today.formatIsoDateTime(Date.now()) }, { home });
      expect((await reader.writeDrainRequest({ home })).epoch).toBe(EPOCH);
    });

    test('the reader cancels the drain of the writer, by its id and by no other', async () => {
      const home = temporaryHome();
      const { request_id } = await writer.writeDrainRequest({ home });
      const otherwise = reader.clearDrainRequest({ home, requestId: 'another' });
      await expect(otherwise).rejects.toMatchObject({ code: 'request_mismatch' });
      expect(await reader.clearDrainRequest({ home, requestId: request_id })).toBe(true);
      expect(writer.drainRequested({ home })).toBe(false);
    });
  });
});
