import { describe, expect, it } from 'vitest';
import type { DrainObservation } from '../state/schema.pure.ts';
import { markerOf, sightingOf } from '../testing/markers.ts';
import { drainIdentity, publishedIdentity } from './identity.ts';
import { type DrainVerdict, drainVerdict } from './verdict.pure.ts';

const T = Date.UTC(2026, 0, 2, 3, 4, 5);
const at = (seconds: number) => new Date(T + seconds * 1_000).toISOString();

const verdictOn = (body: Record<string, unknown>) =>
  drainVerdict({ marker: markerOf({ requested_at: at(0), ...body }), epoch: 'boot:1', now: T });
const named = (request_id: string, body = {}) => verdictOn({ request_id, ...body });
const nameless = (requested_at: string) => verdictOn({ requested_at });
const ABSENT = drainVerdict({ marker: { kind: 'absent' }, epoch: '', now: T });
const UNAVAILABLE = drainVerdict({ marker: { kind: 'unavailable', code: 'EIO' }, epoch: '', now: T });
const CORRUPT = drainVerdict({ marker: sightingOf('{"act', T), epoch: '', now: T });
const EXPIRED = verdictOn({ requested_at: at(-3_601) });
const STALE = verdictOn({ epoch: 'boot:0' });

/** What a reader calls the drain at each look, one after the other. */
function identities(...verdicts: DrainVerdict[]): (string | null)[] {
  let identity: string | null = null;
  return verdicts.map((verdict) => {
    identity = drainIdentity(identity, verdict);
    return identity;
  });
}

describe('the identity of a drain', () => {
  it('is its request id, whatever else a refresh changes', () => {
    expect(identities(named('a'), named('a', { requested_at: at(9), reason: 'new' }), named('b'))).toEqual([
      'a',
      'a',
      'b',
    ]);
  });

  it('without an id is the first time seen, which refreshes do not change', () => {
    const first = `since:${at(1)}`;
    expect(identities(nameless(at(1)), nameless(at(2)), CORRUPT, nameless(at(3)))).toEqual([
      first,
      first,
      first,
      first,
    ]);
  });

  it.each([
    ['no marker', ABSENT],
    ['one that has expired', EXPIRED],
    ['one of another boot', STALE],
  ])('without an id ends with a look that finds %s', (_what, between) => {
    expect(identities(nameless(at(1)), between, nameless(at(2)))).toEqual([`since:${at(1)}`, null, `since:${at(2)}`]);
  });

  it('stays what it was while the marker cannot be looked at', () => {
    expect(identities(UNAVAILABLE, nameless(at(1)), UNAVAILABLE, nameless(at(2)))).toEqual([
      null,
      `since:${at(1)}`,
      `since:${at(1)}`,
      `since:${at(1)}`,
    ]);
  });

  it('stays its request id when the reference system refreshes the marker without it', () => {
    expect(identities(named('a'), nameless(at(1)), nameless(at(2)), named('a'))).toEqual(['a', 'a', 'a', 'a']);
    expect(identities(named('a'), verdictOn({ request_id: '' }))).toEqual(['a', 'a']);
  });

  it('is another one for a marker without an id after the end of one that had it', () => {
    expect(identities(named('a'), ABSENT, nameless(at(1)))).toEqual(['a', null, `since:${at(1)}`]);
  });

  it('of a marker that says no time is named by the time of its file', () => {
    expect(identities(CORRUPT, nameless(at(1)))).toEqual([`since:${T}`, `since:${T}`]);
  });
});

describe('the published identity', () => {
  const account: DrainObservation = {
    request_id: null,
    principal: null,
    reason: null,
    requested_at: at(5),
    observed_at: at(6),
    drained_at: null,
  };
  it.each([
    ['what the gateway says', { identity: `since:${at(1)}` }, `since:${at(1)}`],
    ['the id, where an older gateway says none', { request_id: 'a' }, 'a'],
    ['the time, where there is no id either', {}, `since:${at(5)}`],
  ])('is %s', (_what, fields, identity) => {
    expect(publishedIdentity({ ...account, ...fields })).toBe(identity);
  });
});
