import { writeFileSync } from 'node:fs';
import { temporaryDirectory } from '@hermes/test-kit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { desiredStatePath } from './path.ts';
import { readDesiredState } from './read.ts';
import { desiredStateSchema } from './schema.ts';

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 1 }),
  fc.constantFrom('running', 'stopped', 'RUNNING', '', null, true),
);
const fields = fc.constantFrom('desired_state', 'updated_at', '__proto__', 'other');
const text = fc.oneof(
  fc.dictionary(fields, anything).map((value) => JSON.stringify(value)),
  fc.json(),
  fc.string(),
);

it('the desired state that is read is what its schema says, whatever the file holds', () => {
  const home = temporaryDirectory();
  fc.assert(
    fc.property(text, (written) => {
      writeFileSync(desiredStatePath({ home }), written);
      expect(readDesiredState({ home })).toEqual(desiredStateSchema.safeParse(jsonOf(written)).data);
    }),
  );
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
