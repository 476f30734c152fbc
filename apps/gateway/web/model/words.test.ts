import { describe, expect, it } from 'vitest';
import { bannerOf } from './banner.ts';
import { failureOf } from './failure.ts';
import type { DrainView, GatewayStatus } from './wire.ts';

const DRAIN: DrainView = {
  in_force: true,
  principal: 'anna@ops',
  reason: 'new image',
  since: '10:00',
  refuse_after: null,
  expires_at: '11:00',
};
const RUNNING: GatewayStatus = { gateway_state: 'running', on_drain: 'refuse', drain: null, storage_problem: null };

const banner = (status: Partial<GatewayStatus>) => bannerOf({ ...RUNNING, ...status }, (iso) => iso)?.text ?? null;

describe('bannerOf', () => {
  it.each<[string | null, Partial<GatewayStatus>]>([
    [null, {}],
    [
      'Draining since 10:00 by anna@ops: new image. New messages are refused. It ends at 11:00 unless it is cancelled or extended.',
      { gateway_state: 'draining', drain: DRAIN },
    ],
    [
      'Draining. New messages are kept and answered afterwards. It ends at 11:00 unless it is cancelled or extended.',
      { gateway_state: 'draining', on_drain: 'queue', drain: { ...DRAIN, principal: null, reason: null, since: null } },
    ],
    [
      'A drain begins at 10:05 by anna@ops: new image. Messages are accepted until then.',
      { drain: { ...DRAIN, in_force: false, refuse_after: '10:05' } },
    ],
    ['The gateway is shutting down. This page waits until it is back.', { gateway_state: 'stopping', drain: DRAIN }],
    ['The gateway is starting. Messages are sent when it is ready.', { gateway_state: 'starting' }],
    ['The gateway cannot store messages at the moment, so it refuses them.', { storage_problem: 'ENOSPC' }],
  ])('%s', (text, status) => expect(banner(status)).toBe(text));
});

describe('failureOf', () => {
  it.each([
    ['no answer passes', null, 'passing', /cannot be reached/],
    ['a start passes', { status: 503, code: 'starting' }, 'passing', /starting/],
    ['a stop passes', { status: 503, code: 'stopping' }, 'passing', /shutting down/],
    ['an answer of a proxy passes', { status: 502 }, 'passing', /status 502/],
    ['a drain does not', { status: 503, code: 'draining', detail: 'x' }, 'refused', /draining and did not keep/],
    ['a full queue does not', { status: 503, code: 'overloaded', detail: 'Full.' }, 'refused', /^Full\.$/],
    ['a wrong key ends the session', { status: 401 }, 'unauthorized', /key/],
    ['too many wrong keys', { status: 429, code: 'too-many-attempts', detail: 'Wait.' }, 'unauthorized', /^Wait\.$/],
    ['a limit of a proxy', { status: 429 }, 'refused', /status 429/],
    ['a large message', { status: 413, code: 'body-too-large' }, 'refused', /too large/],
    ['a wrong request', { status: 400, code: 'invalid-request', detail: 'text: wrong' }, 'refused', /^text: wrong$/],
  ])('%s', (_what, answer, kind, text) => {
    expect(failureOf(answer)).toEqual({ kind, text: expect.stringMatching(text) });
  });

  it('says that a picture was the reason', () => {
    const { text } = failureOf({ status: 400, code: 'invalid-request', detail: 'No images here.' }, true);
    expect(text).toBe('The gateway did not take the picture. No images here.');
  });
});
