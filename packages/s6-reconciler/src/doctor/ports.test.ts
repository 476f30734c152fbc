import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import type { Supervision } from '../manager/supervision.ts';
import { checkPorts, type ProfilePort } from './ports.ts';
import { readPorts } from './read-ports.ts';

const profile = (name: string, port: number | null, rest: Partial<ProfilePort> = {}): ProfilePort => ({
  name,
  port,
  live: false,
  state: null,
  desired_state: 'running',
  ...rest,
});

describe('the ports of the profiles', () => {
  it.each<[string, ProfilePort[], object[]]>([
    ['differ', [profile('default', 8642), profile('a', 8643)], [{ ok: true }, { ok: true }]],
    ['may be any free one', [profile('default', 0), profile('a', 0)], [{ ok: true }, { ok: true }]],
    [
      'collide',
      [profile('default', 8642), profile('a', 8642, { live: true }), profile('b', 8643)],
      [{ ok: false, found: '8642, as a' }, { ok: false, found: '8642, as default' }, { ok: true }],
    ],
    [
      'may be the same when their gateways are not to run together',
      [profile('default', 8642, { live: true }), profile('a', 8642, { desired_state: 'stopped' })],
      [
        { ok: null, warning: true },
        { ok: null, warning: true },
      ],
    ],
    [
      'may be the same when one of them has never run',
      [profile('default', 8642), profile('a', 8642, { desired_state: null })],
      [
        { ok: null, warning: true },
        { ok: null, warning: true },
      ],
    ],
    [
      'collide when both ran before a boot, whatever is desired',
      [
        profile('default', 8642, { desired_state: null, state: 'running' }),
        profile('a', 8642, { desired_state: null, state: 'draining' }),
      ],
      [{ ok: false }, { ok: false }],
    ],
    [
      'are the same, and all of them run',
      [profile('default', 8642, { live: true }), profile('a', 8642, { live: true })],
      [{ ok: true }, { ok: true }],
    ],
    [
      'are the same on other addresses',
      [profile('default', 8642, { host: '127.0.0.1' }), profile('a', 8642, { host: '127.0.0.2' })],
      [{ ok: true }, { ok: true }],
    ],
    ['are unknown', [profile('default', null), profile('a', null)], [{ ok: null }, { ok: null }]],
  ])('%s', (_what, profiles, findings) => {
    const checks = checkPorts(profiles);
    expect(checks.map(({ profile, check }) => [profile, check])).toEqual(profiles.map(({ name }) => [name, 'port']));
    expect(checks).toMatchObject(findings);
  });

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['127.0.0.1', '0.0.0.0'],
    ['0.0.0.0', '::'],
    ['::1', '0:0:0:0:0:0:0:1'],
    ['127.0.0.1', 'localhost'],
    ['127.0.0.1', null],
    ['127.0.0.1', undefined],
  ])('collide at %s and %s', (host, other) => {
    const profiles = [
      profile('default', 8642, { host }),
      profile('a', 8642, other === undefined ? {} : { host: other }),
    ];
    expect(checkPorts(profiles)).toMatchObject([{ ok: false }, { ok: false }]);
  });

  it('collide when one variable sets the address of all', () => {
    const profiles = [profile('default', 8642, { host: '127.0.0.1' }), profile('a', 8642, { host: '127.0.0.2' })];
    expect(checkPorts(profiles, { host: '0.0.0.0' })).toMatchObject([{ ok: false }, { ok: false }]);
    expect(checkPorts(profiles, { host: '' })).toEqual(checkPorts(profiles));
  });

  it('are the same when one variable sets them all', () => {
    const profiles = [profile('default', 8642), profile('a', 8643)];
    const found = expect.stringContaining('API_SERVER_PORT is 8650 here');
    expect(checkPorts(profiles, { port: '8650' })).toMatchObject([
      { warning: true, found },
      { warning: true, found },
    ]);
    expect(checkPorts(profiles, { port: '0' })).toEqual(checkPorts(profiles));
    expect(checkPorts(profiles.slice(0, 1), { port: '8650' })).toMatchObject([{ ok: true }]);
  });
});

describe('the program of the gateways', () => {
  const asked = (script: string): Promise<readonly ProfilePort[] | string> => {
    const command = join(temporaryDirectory(), 'gateway');
    writeFileSync(command, `#!/bin/sh\n${script}\n`);
    chmodSync(command, 0o755);
    return readPorts({ command, home: '/some/home', user: undefined } as Supervision);
  };

  it('says which ports they are', async () => {
    const answer = '{"profiles":[{"name":"%s","port":1,"live":false,"state":null,"desired_state":null}]}';
    const script = `[ "$*" = 'profile list --json' ] && printf '${answer}' "$HERMES_HOME"`;
    expect(await asked(script)).toEqual([
      { name: '/some/home', port: 1, live: false, state: null, desired_state: null },
    ]);
  });

  it.each([
    ['fails', 'echo no such thing >&2; exit 1', /gateway profile list: no such thing$/],
    ['answers something else', 'echo hello', /gives no ports of profiles$/],
    ['answers without ports', 'echo "{}"', /gives no ports of profiles$/],
    ['answers with another kind of ports', `echo '{"profiles":[{"name":1}]}'`, /gives no ports of profiles$/],
  ])('that %s is no answer', async (_what, script, reason) => {
    expect(await asked(script)).toMatch(reason);
  });

  it('that is not there is no answer', async () => {
    const nowhere = { command: '/nowhere/gateway', home: '/', user: undefined } as Supervision;
    expect(await readPorts(nowhere)).toBe('/nowhere/gateway profile list: ENOENT');
  });
});
