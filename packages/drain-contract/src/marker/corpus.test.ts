import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CORPUS, type CorpusCase, readCorpusFile, sightingOfCase } from '../testing/corpus.ts';
import { drainVerdict } from './verdict.pure.ts';

const files = readdirSync(CORPUS).filter((name) => name.endsWith('.json'));

/** The verdict in the words of the corpus, as far as the case expects something. */
function verdictOf(one: CorpusCase): unknown {
  const { expect: expected, epoch, now } = one;
  const verdict = drainVerdict({ marker: sightingOfCase(one), epoch, now });
  return {
    active: verdict.active,
    reason: verdict.reason,
    suppressed: verdict.active && verdict.request.suppress_notification,
    ...(verdict.active ? { expires_at: verdict.expiresAt } : {}),
    ...('body' in expected ? { body: verdict.body ?? null } : {}),
    ...(expected.request ? { request: pick(verdict.request, Object.keys(expected.request)) } : {}),
  };
}

function pick(value: object | undefined, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value ?? {}).filter(([key]) => keys.includes(key)));
}

describe.each(files)('the corpus, %s', (name) => {
  const { cases } = readCorpusFile(name);

  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    expect(verdictOf(one)).toEqual(one.expect);
  });

  it('names its cases by different sentences', () => {
    const names = cases.map((one) => one.name);
    expect(new Set(names).size).toBe(names.length);
    for (const sentence of names) expect(sentence).toMatch(/^\S.*\.$/);
  });
});

it('the corpus has every verdict there is', () => {
  const reasons = files.flatMap((name) => readCorpusFile(name).cases).map((one) => one.expect.reason);
  expect(new Set(reasons)).toEqual(
    new Set([
      'absent',
      'unreadable',
      'unavailable',
      'corrupt',
      'stale-epoch',
      'announced',
      'expired',
      'current',
      'no-epoch',
      'epoch-unknown',
    ]),
  );
});
