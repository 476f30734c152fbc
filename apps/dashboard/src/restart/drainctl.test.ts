import { fileURLToPath } from 'node:url';
import type { ServiceStatus } from '@hermes/drain-contract';
import { expect, test } from 'vitest';
import type { DashboardServiceManager } from '../server/services.ts';
import { runProgram } from '../testing/cli.ts';
import { SECRET, type TestDashboard, testDashboard } from '../testing/dashboard.ts';
import { answerDrain } from '../testing/gateway.ts';

const SHIM = fileURLToPath(new URL('../../../../packages/drainctl/bin/drainctl.js', import.meta.url));

const SERVICE: ServiceStatus = {
  profile: 'default',
  state: 'running',
  ready: true,
  pid: 1,
  seconds: 1,
  exit_code: null,
  signal: null,
};

function managerThat(restart: () => Promise<ServiceStatus>): DashboardServiceManager {
  return { status: async () => SERVICE, list: async () => [SERVICE], restart };
}

async function drainctl(dashboard: TestDashboard, ...args: string[]) {
  const env = { DRAINCTL_URL: await dashboard.listen(), DRAINCTL_TOKEN: SECRET };
  return runProgram({ shim: SHIM, args: ['restart', ...args], env });
}

test('waits until the gateway is ready again', async () => {
  const dashboard = await testDashboard({ serviceManager: managerThat(async () => SERVICE) });
  await dashboard.ask({ method: 'POST', url: '/api/gateway/drain' });
  await answerDrain(dashboard.home);
  const { code, stdout } = await drainctl(dashboard);
  expect(code).toBe(0);
  expect(stdout).toMatch(/restart begun \(default\)\n(.*\n)*restarted: the gateway is ready/);
});

test('a gateway with turns in flight is not restarted, unless that is forced', async () => {
  const dashboard = await testDashboard({ serviceManager: managerThat(async () => SERVICE) });
  await dashboard.ask({ method: 'POST', url: '/api/gateway/drain' });
  await answerDrain(dashboard.home, 2);
  const env = { DRAINCTL_URL: await dashboard.listen(), DRAINCTL_TOKEN: SECRET };
  const refused = await runProgram({ shim: SHIM, args: ['restart', '--json'], env });
  expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([
    8,
    { result: 'refused', problem: { code: 'not-safe-to-stop', turns: { active_agents: 2 } } },
  ]);
  const forced = await runProgram({ shim: SHIM, args: ['restart', '--force', '--no-wait', '--json'], env });
  expect([forced.code, JSON.parse(forced.stdout)]).toMatchObject([0, { result: 'restarting' }]);
});

test('a gateway that does not start again exits with 8 and the reason', async () => {
  const failing = async () => Promise.reject(new Error('it is down, but not ready'));
  const dashboard = await testDashboard({ serviceManager: managerThat(failing) });
  const ended = await drainctl(dashboard, '--force');
  expect(ended).toMatchObject({ code: 8, stderr: expect.stringContaining('it is down, but not ready') });
});

test('a restart that takes longer than the deadline exits with 3', async () => {
  const stuck = Promise.withResolvers<ServiceStatus>();
  const dashboard = await testDashboard({ serviceManager: managerThat(() => stuck.promise) });
  const ended = await drainctl(dashboard, '--force', '--deadline', '600ms');
  stuck.resolve(SERVICE);
  expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining('the gateway is still stopping') });
});

test('a deadline that interrupts forces a restart over the remaining turns and exits with 3', async () => {
  let restarts = 0;
  const counting = async () => {
    restarts += 1;
    return SERVICE;
  };
  const dashboard = await testDashboard({ serviceManager: managerThat(counting) });
  await dashboard.ask({ method: 'POST', url: '/api/gateway/drain' });
  await answerDrain(dashboard.home, 1);
  const env = { DRAINCTL_URL: await dashboard.listen(), DRAINCTL_TOKEN: SECRET };
  const args = ['wait', '--deadline', '500ms', '--on-deadline', 'interrupt', '--json'];
  const { code, stdout } = await runProgram({ shim: SHIM, args, env });
  expect([code, JSON.parse(stdout), restarts]).toMatchObject([3, { result: 'deadline', action: 'interrupt' }, 1]);
});
