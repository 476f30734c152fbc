import { readFileSync } from 'node:fs';
import { temporaryDirectory } from '@hermes/test-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drainRequestPath } from './path.ts';
import { readDrainVerdict } from './read.ts';
import { MAX_AGE_SECONDS, MAX_PRINCIPAL_LENGTH, MAX_REASON_LENGTH } from './schema.pure.ts';
import { writeDrainRequest } from './write.ts';

const epoch = fc.string({ minLength: 1, maxLength: 60, unit: 'binary' });
const request = fc.record(
  {
    principal: fc.string({ maxLength: MAX_PRINCIPAL_LENGTH, unit: 'grapheme' }).filter(fits(MAX_PRINCIPAL_LENGTH)),
    reason: fc.string({ maxLength: MAX_REASON_LENGTH, unit: 'binary' }).filter(fits(MAX_REASON_LENGTH)),
    suppressNotification: fc.boolean(),
    maxAgeSeconds: fc.double({ min: MAX_AGE_SECONDS.min, max: MAX_AGE_SECONDS.max, noNaN: true }),
  },
  { requiredKeys: [] },
);

describe('a request that is written', () => {
  it('is current in its own epoch, stale in any other, and reads as it was meant', async () => {
    const home = temporaryDirectory();
    const property = fc.asyncProperty(request, epoch, epoch, async (options, own, other) => {
      fc.pre(own !== other);
      const written = await writeDrainRequest({ home, ...options, epoch: own });
      const verdict = readDrainVerdict({ home, epoch: own });
      expect(verdict).toMatchObject({ active: true, reason: 'current' });
      expect(verdict.body).toEqual(written);
      expect(verdict.request).toMatchObject({
        request_id: written.request_id,
        suppress_notification: written.suppress_notification,
        max_age_seconds: written.max_age_seconds ?? null,
      });
      expect(readDrainVerdict({ home, epoch: other }).reason).toBe('stale-epoch');
      expect(readDrainVerdict({ home, epoch: '' }).reason).toBe('epoch-unknown');
      expect(readFileSync(drainRequestPath({ home })).byteLength).toBeLessThan(8_192);
    });
    await fc.assert(property, { numRuns: 60 });
  });
});

function fits(length: number): (text: string) => boolean {
  return (text) => text.length <= length;
}
