import { beforeAll, describe } from 'vitest';
import { assembledImage } from './image.ts';
import { lackingContainers } from './requirements.ts';

const ASSEMBLE_TIMEOUT_MS = 300_000;

/** A group of tests that boot containers: skipped where there can be none, and not charged with making the image. */
export function describeContainers(name: string, tests: () => void): void {
  describe.skipIf(lackingContainers())(name, () => {
    beforeAll(async () => {
      await assembledImage();
    }, ASSEMBLE_TIMEOUT_MS);
    tests();
  });
}
