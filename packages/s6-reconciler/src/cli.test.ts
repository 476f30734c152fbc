import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRoot, lacking, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { homeWith } from './testing/homes.ts';

const noRoot = lacking('root, to drop to another user', isRoot());
const MAIN = join(import.meta.dirname, 'main.ts');

function hermesS6(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const { PATH } = process.env;
  const options = { encoding: 'utf8', env: { PATH, ...environment }, timeout: 120_000 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], options);
  return { status, stdout, stderr };
}

describe('hermes-s6', () => {
  it('tells every command, setting and exit code', () => {
    const { status, stdout, stderr } = hermesS6(['--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const commands =
      'reconcile create register unregister start stop restart status list boot-log doctor stop-timeout fix-static-perms';
    for (const word of [
      ...commands.split(' '),
      'S6_PROFILE_GATEWAY_SCANDIR',
      'HERMES_MAX_GATEWAYS',
      'Examples',
      '9  ',
    ]) {
      expect(stdout).toContain(word);
    }
  });

  it.each([
    [['nonsense'], /unknown command/],
    [['start'], /missing required argument 'name'/],
    [['reconcile', '--max-services', 'many'], /expected a whole number from 1 to 1000000/],
    [['start', 'a', '--timeout', '0'], /expected a whole number from 1 to 86400/],
    [['status', '../a'], /bad profile name "\.\.\/a": expected lower-case letters/],
    [['start', 'x'.repeat(244)], /at most 243/],
  ])('does not understand %j, says why, and exits with 2', (args, reason) => {
    const scandir = temporaryDirectory();
    const { status, stdout, stderr } = hermesS6(args, { S6_PROFILE_GATEWAY_SCANDIR: scandir, HERMES_USER: '0:0' });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(reason);
    expect(readdirSync(scandir)).toEqual([]);
  });

  it('names a variable that it does not understand', () => {
    const { status, stderr } = hermesS6(['list'], { HERMES_MAX_GATEWAYS: 'many' });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'hermes-s6: HERMES_MAX_GATEWAYS: expected a whole number from 1 to 1000000, found "many"\n',
    });
  });

  it('reconciles what the environment names, and tells each profile', () => {
    const scandir = temporaryDirectory();
    const HERMES_HOME = homeWith({ a: {}, Bad: {} });
    const environment = { HERMES_HOME, S6_PROFILE_GATEWAY_SCANDIR: scandir, HERMES_USER: '0:0' };
    expect(hermesS6(['reconcile'], environment)).toEqual({
      status: 0,
      stdout: `reconcile: profile=default prior_state=None action=registered desired=None reason="no state known"
reconcile: profile=Bad prior_state=None action=skipped desired=None reason="bad name: lower-case letters, digits, \\"-\\" and \\"_\\", at most 251"
reconcile: profile=a prior_state=None action=registered desired=None reason="no state known"
`,
      stderr: '',
    });
    const log = hermesS6(['boot-log', '--profile', 'a', '--json'], environment);
    expect(JSON.parse(log.stdout)).toMatchObject({
      profile: 'a',
      prior_state: null,
      prior_exit: null,
      action: 'registered',
      desired: null,
      reason: 'no state known',
    });
    const list = hermesS6(['list', '--json'], environment);
    const { slots } = JSON.parse(list.stdout) as { slots: unknown[] };
    expect(slots).toEqual([
      expect.objectContaining({ profile: 'a', state: 'not-registered', supervised: false }),
      expect.objectContaining({ profile: 'default', state: 'not-registered' }),
    ]);
  });

  it.each(['{"stop_timeout":1e308}', '{"restart_drain_timeout":86400}', '{"stop_timeout":1e999}'])(
    'gives a slot an hour to stop at most, whatever the state says: %s',
    (state) => {
      const scandir = temporaryDirectory();
      const home = homeWith({ a: { 'gateway_state.json': state } });
      hermesS6(['reconcile', '--user', '0:0', '--scandir', scandir], { HERMES_HOME: home });
      const timeoutKill = Number(readFileSync(join(scandir, 'gateway-a', 'timeout-kill'), 'utf8'));
      expect(timeoutKill).toBeGreaterThan(30_000);
      expect(timeoutKill).toBeLessThanOrEqual(3_600_000);
    },
  );

  it('prints a dry run as JSON, and changes nothing', () => {
    const scandir = temporaryDirectory();
    const { stdout, status } = hermesS6(['reconcile', '--dry-run', '--json', '--user', '0:0', '--scandir', scandir], {
      HERMES_HOME: homeWith({ a: {} }),
    });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ entries: [{ profile: 'default' }, { profile: 'a' }], warnings: [] });
    expect(readdirSync(scandir)).toEqual([]);
  });

  it.each([
    [
      4,
      ['start', 'b'],
      /no such gateway 'b': nothing at .*gateway-b; to make it: hermes-s6 register b --home \S+ --scandir \S+( --user 0:0)?$/m,
    ],
    [7, ['start', 'a'], /no s6-svscan watches .*--scandir/],
    [7, ['register', 'a'], /no s6-svscan watches/],
    [4, ['create', 'nobody'], /no profile "nobody"/],
  ])('exits with %d for %j, says why and what to do, and changes nothing', (code, args, reason) => {
    const scandir = temporaryDirectory();
    mkdirSync(join(scandir, 'gateway-a'));
    const HERMES_HOME = homeWith({ a: {}, b: {} });
    const environment = { HERMES_HOME, S6_PROFILE_GATEWAY_SCANDIR: scandir, HERMES_USER: '0:0' };
    const { status, stdout, stderr } = hermesS6(args, environment);
    expect({ status, stdout }).toEqual({ status: code, stdout: '' });
    expect(stderr).toMatch(reason);
    expect(stderr.trimEnd()).not.toContain('\n');
    expect(readdirSync(scandir)).toEqual(['gateway-a']);
    expect(existsSync(join(HERMES_HOME, 'profiles/a/desired_state.json'))).toBe(false);
  });

  it('creates a slot for a supervisor to find, and removes one without a supervisor', () => {
    const scandir = temporaryDirectory();
    const HERMES_HOME = homeWith({ a: {} });
    const environment = { HERMES_HOME, S6_PROFILE_GATEWAY_SCANDIR: scandir, HERMES_USER: '0:0' };
    expect(hermesS6(['create', 'a'], environment)).toEqual({ status: 0, stdout: 'a: not supervised\n', stderr: '' });
    expect(existsSync(join(scandir, 'gateway-a/down'))).toBe(true);
    expect(hermesS6(['unregister', 'a'], environment)).toEqual({ status: 0, stdout: 'a: unregistered\n', stderr: '' });
    expect(readdirSync(scandir)).toEqual(['.hermes-s6']);
  });

  it('examines everything, says what to mend, and exits with 10', () => {
    const scandir = temporaryDirectory();
    const HERMES_HOME = homeWith({
      a: { 'gateway_state.json': '{"restart_drain_timeout":30,"stop_timeout":51,"turn_timeout":600}' },
    });
    const environment = { HERMES_HOME, S6_PROFILE_GATEWAY_SCANDIR: scandir, HERMES_USER: '0:0' };
    hermesS6(['create', 'a'], environment);
    const user = process.getuid?.() === 0 ? ' --user 0:0' : '';
    const target = `--home ${HERMES_HOME} --scandir ${scandir}${user}`;
    const service = temporaryDirectory();
    const { status, stdout, stderr } = hermesS6(['doctor', '--stop-grace', '10', '--service', service], environment);
    expect({ status, stderr }).toEqual({
      status: 10,
      stderr: expect.stringMatching(/^hermes-s6: \d+ of \d+ checks failed\n$/),
    });
    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining([
        `FAIL scan directory: no s6-svscan watches ${scandir}; s6-svscan ${scandir}`,
        'ok   room: 1 of at most 500 services',
        'ok   interrupted commands: none',
        `ok   home: ${HERMES_HOME} can be written`,
        expect.stringMatching(/^(ok {3}|warn) a: owner: /),
        expect.stringMatching(/^ok {3} ?a: clock: \S+, not before the files of the home$/),
        `FAIL default: slot: none; hermes-s6 register default ${target}`,
        `FAIL a: slot: not supervised; hermes-s6 register a ${target}`,
        'FAIL a: gateway grace: 30 s, needs 600 s; restart_drain_timeout: 600 in config.yaml, and restart the gateway',
        `FAIL a: slot timeout-kill: 56 s, needs 626 s; once the gateway runs with its new grace: hermes-s6 reconcile ${target}`,
        'FAIL a: container stop: 10 s, needs 631 s; docker stop -t 631, or terminationGracePeriodSeconds: 631',
      ]),
    );
  });

  it('prints how long the gateways take to stop, by the one that takes longest', () => {
    const environment = (state: string) => ({ HERMES_HOME: homeWith({ a: { 'gateway_state.json': state } }) });
    expect(hermesS6(['stop-timeout'], environment('{"stop_timeout":600.2}')).stdout).toBe('606\n');
    expect(hermesS6(['stop-timeout', '--json'], environment('{}')).stdout).toBe('{"stop_timeout":65}\n');
  });

  it('does not take for none what it cannot look at', () => {
    const scandir = temporaryDirectory();
    mkdirSync(join(scandir, '.hermes-s6'));
    writeFileSync(join(scandir, '.hermes-s6/new'), 'no directory');
    const environment = { HERMES_HOME: homeWith({}), S6_PROFILE_GATEWAY_SCANDIR: scandir, HERMES_USER: '0:0' };
    const { stdout } = hermesS6(['doctor', '--command', '/nowhere/gateway'], environment);
    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining([
        `?    interrupted commands: cannot be looked at: ${scandir}/.hermes-s6: ENOTDIR; run this as its owner, or as root`,
        '?    ports: /nowhere/gateway profile list: ENOENT; name the program of the gateways with --command',
      ]),
    );
  });

  it.skipIf(noRoot)('of another user, says which rights it cannot determine', () => {
    const HERMES_HOME = homeWith({});
    const state = join(HERMES_HOME, 'gateway_state.json');
    writeFileSync(state, '{}');
    chownSync(HERMES_HOME, 10_000, 10_000);
    // There is no `test` command, as in an image without a shell.
    const nothing = { PATH: '/nowhere', S6_PROFILE_GATEWAY_SCANDIR: temporaryDirectory(), HERMES_USER: '10000:10000' };
    const { stdout } = hermesS6(['doctor'], { ...nothing, HERMES_HOME });
    const found = 'gateway_state.json: expected to belong to user 10000, found another owner';
    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining([
        `?    home: the rights cannot be determined: test -r ${HERMES_HOME} cannot be run (ENOENT)`,
        `?    default: owner: ${found}; sudo chown -R 10000 ${state}`,
      ]),
    );
  });

  it.skipIf(noRoot)('says which variable names another user where there is no hermes', () => {
    const environment = { S6_PROFILE_GATEWAY_SCANDIR: temporaryDirectory(), HERMES_USER: 'no-such-user' };
    const { status, stderr } = hermesS6(['list'], environment);
    expect(status).toBe(2);
    expect(stderr).toMatch(/no user "no-such-user" in .*HERMES_USER/);
  });

  it('names a scan directory that is not there', () => {
    const scandir = temporaryDirectory();
    const environment = { S6_PROFILE_GATEWAY_SCANDIR: join(scandir, 'nowhere'), HERMES_USER: '0:0' };
    const { status, stderr } = hermesS6(['list'], environment);
    expect(status).toBe(7);
    expect(stderr).toMatch(/cannot use the scan directory .*nowhere: there is none.* S6_PROFILE_GATEWAY_SCANDIR\n$/);
  });
});
