import { fileURLToPath } from 'node:url';
import { StackClient, startDashboard } from '@hermes/local-stack';
import { startProgram } from '@hermes/test-kit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { drives } from '../../platforms/drives.ts';
import type { FleetGateway } from './gateways.ts';
import type { HAProxy } from './haproxy.ts';
import { lacksServers, Stage } from './stage.ts';

drives('proxies', 'HAProxy steered by the drain webhook', { HAProxy: 'haproxy -v' });

const RECEIVER = fileURLToPath(new URL('../../../../../deploy/haproxy/drain-webhook.mjs', import.meta.url));
const SECRET = `whsec_${Buffer.from('thirty-two bytes, known to all..').toString('base64')}`;
/** `srv_admin_state` of `show servers state`. */
const [READY, DRAIN] = ['0', '8'];

/** The sample without what would hide that HAProxy sends a request to a gateway in a drain. */
function withoutLooking(sample: string): string {
  const changed = sample
    .replace('GET /readyz', 'GET /livez')
    .replace('retries 3', 'retries 0')
    .replace('retry-on conn-failure 503', 'retry-on none');
  expect(changed).not.toMatch(/\/readyz$|retries 3|conn-failure 503/m);
  return changed;
}

describe.skipIf(lacksServers())('HAProxy with deploy/haproxy/drain-webhook.mjs', () => {
  test('leaves a gateway when its drain begins, and no client notices three restarts', async () => {
    await using stage = await Stage.start({
      balancer: 'HAProxy',
      isSticky: false,
      change: withoutLooking,
      clients: 30,
      turnMs: 300,
      doesRepeat: false,
    });
    const haproxy = stage.balancer as HAProxy;
    const env = { HAPROXY_SOCKET: haproxy.socket, WEBHOOK_SECRET: SECRET, PORT: '0' };
    const receiver = startProgram({ shim: RECEIVER, env });
    const url = (await receiver.firstLine()).replace('drain-webhook: ', '');
    for (const gateway of stage.gateways.all) {
      const operator = await operatorOf(gateway, `${url}/gateways/${gateway.name}`);
      expect((await operator.beginDrain({ lead_seconds: 1 })).status).toBe(200);
      expect(await haproxy.adminState(gateway.name)).toBe(DRAIN);
      await expect.poll(async () => (await operator.untilDrained()).body['safe_to_stop']).toBe(true);
      await gateway.stop();
      await gateway.start();
      expect((await operator.cancelDrain()).body).toMatchObject({ was_draining: true });
      await expect.poll(() => haproxy.adminState(gateway.name)).toBe(READY);
      await stage.moreAnswers(30);
    }
    const messages = await stage.judge();
    console.info(`HAProxy steered by webhooks: 3 restarts, ${messages.length} messages`);
    const failed = messages.filter(({ broken, refused }) => broken.length + refused.length > 0);
    expect(failed, haproxy.log).toEqual([]);
  });

  test('believes only what a dashboard has signed', async () => {
    const receiver = startProgram({
      shim: RECEIVER,
      env: { HAPROXY_SOCKET: '/nowhere', WEBHOOK_SECRET: SECRET, PORT: '0' },
    });
    const url = (await receiver.firstLine()).replace('drain-webhook: ', '');
    const post = (path: string, headers: Record<string, string> = {}) =>
      fetch(url + path, { method: 'POST', body: '{"type":"drain.begun"}', headers }).then(({ status }) => status);
    expect(await post('/gateways/gw1')).toBe(401);
    const now = String(Math.floor(Date.now() / 1_000));
    const forged = { 'webhook-id': 'a', 'webhook-timestamp': now, 'webhook-signature': `v1,${'A'.repeat(43)}=` };
    expect(await post('/gateways/gw1', forged)).toBe(401);
    expect(await post('/gateways/gw1;show%20info')).toBe(404);
    const unsized = { method: 'POST', body: new Blob(['{}']).stream(), duplex: 'half' } as const;
    expect((await fetch(`${url}/gateways/gw1`, unsized)).status).toBe(413);
    const weak = startProgram({ shim: RECEIVER, env: { WEBHOOK_SECRET: 'weak' } });
    expect(await weak.ended()).toMatchObject({ code: 78, stderr: expect.stringContaining('WEBHOOK_SECRET: expected') });
  });
});

/** An operator of a dashboard of the gateway, which reports to the receiver. */
async function operatorOf(gateway: FleetGateway, webhook: string): Promise<StackClient> {
  const { program, link } = await startDashboard({
    home: gateway.home,
    env: {
      HERMES_DASHBOARD_PORT: '0',
      HERMES_DASHBOARD_DRAIN_SECRET: undefined,
      HERMES_DASHBOARD_WEBHOOK_URL: webhook,
      HERMES_DASHBOARD_WEBHOOK_SECRET: SECRET,
    },
  });
  onTestFinished(async () => void (await program.kill('SIGKILL')));
  return new StackClient(gateway.url, link);
}
