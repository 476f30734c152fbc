import { expect, test } from 'vitest';
import { pasteable } from './paste.ts';
import type { Target } from './target.ts';

const NAMED: Target = { url: 'https://a.example', token: 'hidden' };
const LOCAL = { ...NAMED, local: {} } as Target;

test.each([
  ['drainctl wait --request a', { profile: 'default' }, {}, LOCAL],
  [
    'drainctl wait --profile support --url https://a.example/x --token-file /etc/a --request a',
    { profile: 'support', url: 'https://a.example/x', tokenFile: '/etc/a' },
    { DRAINCTL_URL: 'https://b.example', DRAINCTL_TOKEN_FILE: '/etc/b', DRAINCTL_TOKEN: 'hidden' },
    NAMED,
  ],
  [
    'drainctl wait --url https://b.example --token-file /etc/b --request a',
    { profile: 'default' },
    { DRAINCTL_URL: 'https://b.example', DRAINCTL_TOKEN_FILE: '/etc/b', HERMES_HOME: '/elsewhere' },
    NAMED,
  ],
  [
    'drainctl wait --url https://b.example --request a',
    { profile: 'default' },
    { DRAINCTL_URL: 'https://b.example', DRAINCTL_TOKEN: 'hidden', DRAINCTL_TOKEN_FILE: '/etc/b' },
    NAMED,
  ],
  [
    "HERMES_HOME='/srv/my home' drainctl wait --profile 'a b' --request a",
    { profile: 'a b' },
    { HERMES_HOME: ' /srv/my home ', DRAINCTL_URL: '' },
    LOCAL,
  ],
])('%s', (line, options, environment, connection) => {
  expect(pasteable(options, environment, connection)('wait', '--request', 'a')).toBe(line);
});
