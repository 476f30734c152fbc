import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDashboard, startGateway } from '@hermes/local-stack';
import { expect, onTestFinished, test } from 'vitest';

const CHECKOUT = fileURLToPath(new URL('../../../../', import.meta.url));
const ENVIRONMENT_SH = join(CHECKOUT, 'deploy/image/rootfs/usr/lib/hermes/environment.sh');

/** What Kubernetes sets for Services of these names; an empty one is for what the kind could also hit. */
const LINKS = {
  HERMES_DASHBOARD_PORT: 'tcp://10.96.0.5:9119',
  HERMES_GATEWAY_PORT: 'udp://10.96.0.6:53',
  API_SERVER_PORT: 'sctp://[fd00::5]:8642',
  HERMES_MAX_GATEWAYS: 'tcp://10.96.0.7:1',
  HERMES_LOG_LEVEL: 'tcp://10.96.0.7:2',
  HERMES_DASHBOARD_LOG_LEVEL: 'tcp://10.96.0.7:3',
  HERMES_START_TIMEOUT: 'tcp://10.96.0.7:4',
  DRAINCTL_URL: 'tcp://10.96.0.7:5',
  S6_PROFILE_GATEWAY_SCANDIR: 'tcp://10.96.0.7:6',
};

function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'hermes-links-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

function warnings(stderr: string): string[] {
  return stderr.split('\n').filter((line) => line.includes('the address of a Kubernetes Service'));
}

test('gateway and dashboard start beside Services of their names, and warn once', async () => {
  const home = temporaryHome();
  for (const start of [startGateway, startDashboard]) {
    let stderr = '';
    const onStderr = (text: string) => {
      stderr += text;
    };
    // Their usual ports may be in use here: that they were taken for settings would be seen by exit 78.
    const args = start === startDashboard ? ['--port', '0'] : [];
    const env = start === startDashboard ? LINKS : { ...LINKS, API_SERVER_PORT: '0' };
    const { program } = await start({ home, args, env, onStderr });
    onTestFinished(async () => void (await program.kill('SIGKILL')));
    await program.stop();
    expect(warnings(stderr)).toHaveLength(1);
  }
});

test.each([
  ['drainctl', 'packages/drainctl/bin/drainctl.js', ['status'], /cannot read the secret in .*dashboard_token/],
  [
    'hermes-s6',
    'packages/s6-reconciler/bin/hermes-s6.js',
    ['list', '--user', '0:0'],
    /defaults|scan directory|\/run\/service/,
  ],
  ['hermes-gateway', 'apps/gateway/bin/hermes-gateway.js', ['profile', 'list'], /^hermes-gateway: ignoring/],
])('%s takes its defaults instead, and warns once', (_name, script, args, reason) => {
  const { status, stderr } = spawnSync(process.execPath, [join(CHECKOUT, script), ...args], {
    encoding: 'utf8',
    timeout: 120_000,
    env: { PATH: process.env.PATH, HERMES_HOME: temporaryHome(), ...LINKS },
  });
  expect(warnings(stderr)).toHaveLength(1);
  expect(warnings(stderr)[0]).toContain(Object.keys(LINKS).join(', '));
  expect(stderr.split('\n').slice(1).join('\n')).not.toContain('tcp:');
  expect(stderr).toMatch(reason);
  expect(status).not.toBeNull();
});

test('the scripts of the image ignore the same variables as the programs, and keep the others', () => {
  const kept = { HERMES_DASHBOARD: '1', HERMES_DASHBOARD_PORT_9119_TCP: 'tcp://10.96.0.5:9119', REDIS_PORT: 'tcp://1' };
  const { stdout, stderr } = spawnSync('sh', ['-c', '. "$0" && env', ENVIRONMENT_SH], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...LINKS, ...kept },
  });
  const variables = new Map(stdout.split('\n').map((line) => [line.split('=', 1)[0], line]));
  expect(Object.keys(kept).filter((name) => !variables.has(name))).toEqual([]);
  const links = [...variables.values()].filter((line) => /=(tcp|udp|sctp):/.test(line));
  expect(links.sort()).toEqual(['HERMES_DASHBOARD_PORT_9119_TCP=tcp://10.96.0.5:9119', 'REDIS_PORT=tcp://1']);
  expect(variables.get('HERMES_MAX_GATEWAYS')).toBe('HERMES_MAX_GATEWAYS=500');
  expect(warnings(stderr)).toHaveLength(1);
  for (const name of Object.keys(LINKS)) expect(stderr).toContain(name);
});
