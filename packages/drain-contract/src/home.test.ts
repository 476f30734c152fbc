import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { resolveHome } from './home.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the home directory', () => {
  const FALLBACK = join(homedir(), '.hermes');

  it.each<[what: string, home: string | undefined, variable: string | undefined, expected: string]>([
    ['the one named', '/srv/a', '/srv/b', '/srv/a'],
    ['HERMES_HOME when none is named', undefined, '/srv/b', '/srv/b'],
    ['HERMES_HOME when an empty one is named', '', '/srv/b', '/srv/b'],
    ['HERMES_HOME without the blanks around it', undefined, ' /srv/b\n', '/srv/b'],
    ['~/.hermes when HERMES_HOME is unset', undefined, undefined, FALLBACK],
    ['~/.hermes when HERMES_HOME is empty', undefined, '', FALLBACK],
    ['~/.hermes when HERMES_HOME is blank', undefined, '  ', FALLBACK],
    ['absolute, also when a relative one is named', 'a/../b', undefined, resolve('b')],
    ['without a slash at its end', '/srv/a/', undefined, '/srv/a'],
  ])('is %s', (_what, home, variable, expected) => {
    vi.stubEnv('HERMES_HOME', variable);
    expect(resolveHome({ home })).toBe(expected);
  });
});
