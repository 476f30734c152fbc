import { describe, expect, it } from 'vitest';
import { markerOf, sightingOf } from '../testing/markers.ts';
import { drainVerdict } from './verdict.pure.ts';

const EPOCH = 'boot:1';
const judge = (marker: Parameters<typeof drainVerdict>[0]['marker']) => drainVerdict({ marker, epoch: EPOCH, now: 0 });

/** A JSON object of exactly that many bytes. */
const objectOfSize = (bytes: number) => `{"x":"${'a'.repeat(bytes - 8)}"}`;

describe('a corrupt marker', () => {
  it.each<[what: string, content: string | Uint8Array]>([
    ['is empty', ''],
    ['is white space', ' \n'],
    ['is cut off', '{"action":"drain","requested_at":"2026-'],
    ['has something behind it', '{} x'],
    ['is two objects', '{}{}'],
    ['is an array', '[{"action":"drain"}]'],
    ['is a string', '"drain"'],
    ['is a number', '42'],
    ['is true', 'true'],
    ['is null', 'null'],
    ['is NaN', 'NaN'],
    ['holds NaN', '{"max_age_seconds":NaN}'],
    ['holds a comment', '{/* x */}'],
    ['begins with a byte order mark', '\ufeff{}'],
    ['is UTF-16', new Uint8Array(Buffer.from('{}', 'utf16le'))],
    ['is binary', Uint8Array.from({ length: 256 }, (_, byte) => byte)],
    ['holds invalid UTF-8 in a string', Uint8Array.from([...Buffer.from('{"a":"'), 0xff, ...Buffer.from('"}')])],
    ['holds an overlong encoding', Uint8Array.from([...Buffer.from('{"a":"'), 0xc0, 0xaf, ...Buffer.from('"}')])],
    ['is one byte larger than 64 KiB', objectOfSize(64 * 1024 + 1)],
    ['is nested as deeply as fits', '['.repeat(64 * 1024)],
    ['is cut off in the depths', `{"a":${'['.repeat(60_000)}`],
  ])('that %s is active and has an empty body', (_what, content) => {
    expect(judge(sightingOf(content))).toMatchObject({
      active: true,
      reason: 'corrupt',
      body: {},
      request: { request_id: null, suppress_notification: false, max_age_seconds: null },
    });
  });
});

describe('an object that only looks odd', () => {
  it.each<[what: string, content: string]>([
    ['is empty', '{}'],
    ['is exactly 64 KiB', objectOfSize(64 * 1024)],
    ['is deeply nested', `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`],
    ['holds a lone surrogate', '{"reason":"\\ud800"}'],
    ['holds a number beyond all bounds', '{"max_age_seconds":1e999}'],
    ['stands between white space', '\n\t {"action":"cancel"} \r\n'],
  ])('and %s is a request without an epoch', (_what, content) => {
    expect(judge(sightingOf(content))).toMatchObject({ active: true, reason: 'no-epoch' });
  });

  it('says of a field what the last of its duplicates says', () => {
    expect(judge(sightingOf(`{"epoch":"other","epoch":"${EPOCH}"}`)).reason).toBe('current');
    expect(judge(sightingOf(`{"epoch":"${EPOCH}","epoch":"other"}`)).reason).toBe('stale-epoch');
  });

  it('cannot reach the prototype of an object', () => {
    const verdict = judge(
      sightingOf('{"__proto__":{"epoch":"other","suppress_notification":true},"constructor":{"a":1}}'),
    );
    expect(verdict).toMatchObject({ reason: 'no-epoch', request: { suppress_notification: false } });
    expect(Object.getPrototypeOf(verdict.body)).toBe(Object.prototype);
    expect({}).not.toHaveProperty('epoch');
  });

  it.each<[what: string, value: unknown, shown: string | null]>([
    ['a control sequence', '\u001b[31mred\u0000', '[31mred'],
    ['lines', 'one\r\ntwo\u2028three', 'one two three'],
    ['a text that turns the direction', 'a\u202eb\u2066c', 'abc'],
    ['a text without end', 'y'.repeat(60_000), 'y'.repeat(500)],
    ['a number', 5, null],
    ['an object', { a: 1 }, null],
  ])('shows for a reason that is %s something fit for a terminal', (_what, reason, shown) => {
    expect(judge(markerOf({ reason })).request?.reason).toBe(shown);
  });
});
