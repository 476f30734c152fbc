import { isRoot, lacking, runs } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { drives } from '../../platforms/drives.ts';
import { NspawnMachine } from './nspawn-machine.ts';
import { HOME, Operator } from './operator.ts';

drives(
  'systemd',
  'in systemd-nspawn: installation, boot, readiness, a turn, drain, a stop that waits for the turn, restart through `drainctl` and the unprivileged dashboard, watchdog, exit code 78, stop and boot, power cut, credentials, an isolated agent, profiles, removal; the same in the systemd of a user',
  { systemd: 'systemctl --version' },
);

const TOOLS = ['systemd-nspawn', 'mmdebstrap', 'nsenter', 'setpriv'];
const isMissing = lacking(
  'root, systemd-nspawn (Debian: systemd-container) and mmdebstrap; the tests in deploy/systemd check the units without',
  isRoot() && TOOLS.every((tool) => runs('sh', '-c', `command -v ${tool}`)),
);
const BOOT_TIMEOUT_MS = 1_200_000;
const UNIT = 'hermes-gateway@default.service';

/** One machine, on which an operator does one thing after the other. */
describe.skipIf(isMissing)('a machine with systemd', () => {
  let machine: NspawnMachine;
  let operator: Operator;

  beforeAll(async () => {
    machine = await NspawnMachine.create();
    operator = new Operator(machine);
    await machine.boot();
  }, BOOT_TIMEOUT_MS);
  afterAll(() => machine?.[Symbol.asyncDispose]());
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail')
      console.info(await machine.shell('journalctl --no-pager -b -n 40 -o cat -u "hermes-*"'));
  });

  test('an installation writes the units once, and its next commands work', async () => {
    const first = await operator.service('install', '--dashboard', '--json');
    expect(first.files.map(({ action }: { action: string }) => action)).toEqual([
      'create',
      'create',
      'create',
      'create',
    ]);
    const second = await operator.service('install', '--dashboard', '--json');
    expect(second.files.map(({ action }: { action: string }) => action)).toEqual(['keep', 'keep', 'keep', 'keep']);
    expect(first.commands).toHaveLength(4);
    for (const command of first.commands) await machine.shell(command);
    expect(await operator.service('status', '--json')).toMatchObject({
      home: HOME,
      services: [{ profile: 'default', state: 'running', ready: true, enabled: true }],
    });
    expect(await operator.desired()).toBe('running');
    expect(await machine.run(['stat', '-c', '%U %a', HOME])).toBe('hermes 700\n');
    expect(await machine.show(UNIT, 'StatusText')).toEqual({ StatusText: 'running: 0 turns in flight' });
    expect(await operator.say('hello')).toMatchObject({ status: 200, body: { reply: 'hello' } });
  });

  test.each([UNIT, 'hermes-dashboard.service'])('%s is hardened', async (unit) => {
    const words = await machine.run(['systemd-analyze', 'security', '--no-pager', unit]);
    const [, exposure] = /exposure level for \S+: ([\d.]+)/.exec(words) ?? [];
    console.info(`${unit}: exposure ${exposure}`);
    expect(Number(exposure)).toBeLessThanOrEqual(2);
  });

  test('a secret of the credential store is the key of the API', async () => {
    const stored = '/etc/credstore/hermes-gateway@default.API_SERVER_KEY';
    await machine.shell(`mkdir -p -m 700 /etc/credstore; head -c 32 /dev/urandom | base64 >${stored}`);
    await operator.service('restart', 'default', '--json');
    expect(await operator.say('hello')).toMatchObject({ status: 401 });
    await machine.shell(`rm ${stored}`);
    await operator.service('restart', 'default', '--json');
    expect(await operator.say('hello')).toMatchObject({ status: 200 });
  });

  test('an agent runs in the hardened unit, and in isolation with the drop-in for it', async () => {
    await operator.configure('agent: { kind: command, command: [cat] }');
    await operator.service('restart', 'default', '--json');
    expect(await operator.say('open')).toMatchObject({ body: { reply: 'open' } });
    await operator.configure('agent: { kind: command, command: [cat], isolation: bwrap }');
    const refused = await machine.exec(['hermes-gateway', 'service', 'restart', 'default']);
    expect(refused).toMatchObject({ code: 78, stderr: expect.stringContaining('exit status 78') });
    await operator.service('install', '--dashboard', '--isolation', '--json');
    await operator.service('restart', 'default', '--json');
    expect(await operator.say('isolated')).toMatchObject({ body: { reply: 'isolated' } });
    await operator.configure('agent: { kind: echo }');
  });

  test('doctor finds nothing to repair, and a unit whose boot differs from the desired state', async () => {
    await operator.service('restart', 'default', '--json');
    const doctor = ['hermes-gateway', 'doctor', '--json'];
    const env = { HERMES_HOME: HOME };
    const { checks } = JSON.parse(await machine.run(doctor, { env }));
    const names = ['stop timeout', 'watchdog', 'boot', 'limits'].map((name) => `service: ${name}`);
    expect(checks.filter(({ check }: { check: string }) => check.startsWith('service'))).toMatchObject(
      names.map((check) => ({ check, ok: true })),
    );
    await machine.shell(`systemctl disable ${UNIT}`);
    expect(await machine.exec(doctor, { env })).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('hermes-gateway service start default'),
    });
    await operator.service('start', 'default', '--json');
  });

  test('a stop waits for the running turn, for longer than the unit allows by itself', async () => {
    await operator.configure('agent: { kind: echo, delay_ms: 6000 }');
    await operator.dropIn('[Service]\nTimeoutStopSec=2\n');
    await operator.service('restart', 'default', '--json');
    const answer = operator.say('finished');
    await operator.untilBusy();
    expect(await operator.service('stop', 'default', '--json')).toMatchObject({ state: 'stopped', enabled: false });
    expect(await answer).toMatchObject({ status: 200, body: { reply: 'finished' } });
    expect(await machine.show(UNIT, 'Result', 'ActiveState')).toEqual({ Result: 'success', ActiveState: 'inactive' });
    await operator.dropIn(undefined);
    await operator.configure('agent: { kind: echo }');
  });

  test('what was stopped stays down at the next boot, and what was started comes back', async () => {
    expect(await operator.desired()).toBe('stopped');
    await machine.powerOff();
    await machine.boot();
    expect(await machine.show(UNIT, 'ActiveState')).toEqual({ ActiveState: 'inactive' });
    expect(await machine.show('hermes-dashboard.service', 'ActiveState')).toEqual({ ActiveState: 'active' });
    await operator.service('start', 'default', '--json');
    await machine.powerOff();
    await machine.boot();
    await eventually(async () => expect(await machine.show(UNIT, 'ActiveState')).toEqual({ ActiveState: 'active' }));
    expect(await operator.say('back')).toMatchObject({ body: { reply: 'back' } });
  });

  test('drainctl drains and restarts it through the dashboard, which is not root', async () => {
    const { MainPID: before } = await machine.show(UNIT, 'MainPID');
    await operator.drainctl('begin', '--wait', '--reason', 'update');
    expect(await operator.say('refused')).toMatchObject({ status: 503 });
    await eventually(async () =>
      expect(await machine.show(UNIT, 'StatusText')).toEqual({ StatusText: 'draining: 0 turns in flight' }),
    );
    await operator.drainctl('restart');
    const after = await machine.show(UNIT, 'MainPID', 'ActiveState');
    expect(after).toMatchObject({ ActiveState: 'active' });
    expect(after.MainPID).not.toBe(before);
    expect(await operator.say('again')).toMatchObject({ body: { reply: 'again' } });
    expect(await operator.mayRestartOthers()).toBe(false);
  });

  test('the drain of an earlier boot is void', async () => {
    await operator.drainctl('begin', '--wait');
    await machine.cutPower();
    await machine.boot();
    await eventually(async () => expect(await operator.say('after')).toMatchObject({ body: { reply: 'after' } }));
    expect(await operator.verdict()).toBe('stale-epoch');
  });

  test('a gateway that hangs is killed by the watchdog and comes back', async () => {
    await operator.dropIn('[Service]\nWatchdogSec=3\n');
    await operator.service('restart', 'default', '--json');
    const { MainPID: frozen } = await machine.show(UNIT, 'MainPID');
    await machine.shell(`kill -STOP ${frozen}`);
    await eventually(async () => {
      const now = await machine.show(UNIT, 'MainPID', 'ActiveState', 'NRestarts');
      expect(now).toMatchObject({ ActiveState: 'active', NRestarts: '1' });
      expect(now.MainPID).not.toBe(frozen);
    });
    expect(await machine.shell(`journalctl --no-pager -u ${UNIT}`)).toContain("Failed with result 'watchdog'");
    expect(await operator.say('alive')).toMatchObject({ body: { reply: 'alive' } });
    await operator.dropIn(undefined);
  });

  test('a gateway that a person must repair stays down, one that crashes comes back', async () => {
    await machine.shell(`HERMES_HOME=${HOME} hermes-gateway profile create broken --no-register`);
    await machine.shell(`echo 'agent: [' >>${HOME}/profiles/broken/config.yaml`);
    const failed = await machine.exec(['hermes-gateway', 'service', 'start', 'broken']);
    expect(failed).toMatchObject({ code: 78, stderr: expect.stringContaining('exit status 78') });
    await machine.shell('kill -KILL $(systemctl show --value -p MainPID hermes-gateway@default)');
    await eventually(async () => expect(await operator.say('alive')).toMatchObject({ body: { reply: 'alive' } }));
    const broken = await machine.show('hermes-gateway@broken.service', 'ActiveState', 'NRestarts');
    expect(broken).toEqual({ ActiveState: 'failed', NRestarts: '0' });
    const services = [
      { name: 'default', desired_state: 'running', slot: { state: 'running' } },
      { name: 'broken', desired_state: 'running', slot: { state: 'failed', exit_code: 78 } },
    ];
    await eventually(async () => expect((await operator.profiles()).profiles).toMatchObject(services));
  });

  test('a profile is created with the command that starts it, and deleted when no boot starts it any more', async () => {
    const profile = (...words: string[]) =>
      machine.exec(['hermes-gateway', 'profile', ...words], { env: { HERMES_HOME: HOME } });
    const start = /^run it: (hermes-gateway service start passing)$/m;
    const [, command = 'false'] = start.exec((await profile('create', 'passing')).stdout) ?? [];
    await machine.shell(command);
    const running = await profile('delete', 'passing', '--yes');
    const stop = 'hermes-gateway service stop passing';
    expect(running).toMatchObject({
      code: 78,
      stderr: expect.stringContaining(`passing.service runs: stop it first: ${stop}`),
    });
    await machine.shell('systemctl stop hermes-gateway@passing');
    const enabled = await profile('delete', 'passing', '--yes');
    expect(enabled).toMatchObject({
      code: 78,
      stderr: expect.stringContaining(`is started at each boot: stop it first: ${stop}`),
    });
    await machine.shell(stop);
    expect(await profile('delete', 'passing', '--yes')).toMatchObject({ code: 0 });
    expect(await machine.shell(`ls ${HOME}/profiles; find /etc/systemd -name '*passing*'`)).not.toContain('passing');
  });

  test('a unit that was changed by hand is kept, and a removal leaves nothing but the home and the user', async () => {
    const template = '/etc/systemd/system/hermes-gateway@.service';
    await machine.shell(`echo '# mine' >>${template}`);
    for (const verb of ['install', 'uninstall']) {
      const refused = await machine.exec(['hermes-gateway', 'service', verb]);
      expect(refused).toMatchObject({ code: 78, stderr: expect.stringContaining('changed by hand') });
    }
    expect(await operator.say('alive')).toMatchObject({ body: { reply: 'alive' } });
    await operator.service('install', '--force', '--json');
    await operator.service('uninstall', '--json');
    const left = "find /etc -name '*hermes*' ! -name passwd; systemctl list-units --all --no-legend 'hermes-*.service'";
    expect(await machine.shell(left)).toBe('');
    expect(await machine.shell(`ls ${HOME}/config.yaml; id -un hermes`)).toBe(`${HOME}/config.yaml\nhermes\n`);
  });

  test('a user has gateways and a dashboard without root, also after a boot', async () => {
    await machine.shell('useradd --create-home anna; loginctl enable-linger anna');
    await eventually(() => machine.shell('systemctl is-active "user@$(id -u anna).service"'));
    const anna = new Operator(machine, { user: 'anna', home: '/home/anna/.hermes' });
    const { commands } = await anna.service('install', '--user', '--dashboard', '--json');
    for (const command of commands) await anna.run(['sh', '-ec', command]);
    expect(await anna.say('mine')).toMatchObject({ body: { reply: 'mine' } });
    await anna.drainctl('begin', '--wait');
    await anna.drainctl('restart');
    expect(await anna.say('again')).toMatchObject({ body: { reply: 'again' } });
    await machine.cutPower();
    await machine.boot();
    await eventually(async () => expect(await anna.say('back')).toMatchObject({ body: { reply: 'back' } }));
    expect(await anna.service('stop', 'default', '--user', '--json')).toMatchObject({
      state: 'stopped',
      enabled: false,
    });
    await anna.service('uninstall', '--user', '--json');
    expect(await machine.shell("find /home/anna/.config -name '*hermes*'")).toBe('');
  });
});
