import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { parseIsoDateTime } from '../time.ts';
import { desiredStatePath } from './path.ts';
import { readDesiredState } from './read.ts';
import type { DesiredState } from './schema.ts';
import { writeDesiredState } from './write.ts';

describe('the desired state', () => {
  it.each(['running', 'stopped'] as const)('%s is read as it was written', async (desired) => {
    const home = temporaryDirectory();
    const before = Date.now();
    const written = await writeDesiredState(desired, { home });
    expect(written.desired_state).toBe(desired);
    expect(parseIsoDateTime(written.updated_at)).toBeGreaterThanOrEqual(before);
    expect(readDesiredState({ home })).toEqual(written);
    expect(JSON.parse(readFileSync(join(home, 'desired_state.json'), 'utf8'))).toEqual(written);
  });

  it.each<[text: string, desired: DesiredState | undefined]>([
    ['{"desired_state":"running"}', { desired_state: 'running', updated_at: null }],
    ['{"desired_state":"stopped","updated_at":5,"new":1}', { desired_state: 'stopped', updated_at: null }],
    ['{"desired_state":"RUNNING"}', undefined],
    ['{"desired_state":true}', undefined],
    ['{"updated_at":"2026-01-01T00:00:00Z"}', undefined],
    ['{"desired_state":"running"', undefined],
    ['"running"', undefined],
    ['[]', undefined],
    ['', undefined],
  ])('in a file that holds %s is %j', (text, desired) => {
    const home = temporaryDirectory();
    writeFileSync(desiredStatePath({ home }), text);
    expect(readDesiredState({ home })).toEqual(desired);
  });

  it.each<[what: string, make: (path: string) => void]>([
    ['is missing', () => undefined],
    ['is a directory', (path) => mkdirSync(path)],
    [
      'is a link',
      (path) => writeFileSync(`${path}.x`, '{"desired_state":"running"}') ?? symlinkSync(`${path}.x`, path),
    ],
  ])('is none when its file %s', (_what, make) => {
    const home = temporaryDirectory();
    make(desiredStatePath({ home }));
    expect(readDesiredState({ home })).toBeUndefined();
  });

  it('stays as it was when it cannot be written', async () => {
    const home = temporaryDirectory();
    mkdirSync(desiredStatePath({ home }));
    await expect(writeDesiredState('running', { home })).rejects.toMatchObject({ code: 'not_a_file' });
  });
});
