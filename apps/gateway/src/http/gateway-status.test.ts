import { clearDrainRequest, writeDrainRequest } from '@hermes/drain-contract';
import { expect, it } from 'vitest';
import { bodyOf, type HttpGatewayOptions, httpGateway } from '../testing/http-gateway.ts';

async function statusGateway(options: HttpGatewayOptions = {}) {
  const gateway = await httpGateway(options);
  const status = async () => {
    const response = await fetch(`${gateway.url}/v1/status`);
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
    return bodyOf(response);
  };
  return { ...gateway, status };
}

const QUIET = { on_drain: 'refuse', drain: null, active_agents: 0, queued_turns: 0, storage_problem: null };

it('says that messages are accepted, and which drain is in force', async () => {
  const { status, drain, home } = await statusGateway();
  expect(await status()).toEqual({ gateway_state: 'running', ...QUIET });
  await drain('new disk');
  await expect.poll(status).toEqual({
    gateway_state: 'draining',
    ...QUIET,
    drain: {
      in_force: true,
      principal: expect.any(String),
      reason: 'new disk',
      since: expect.stringMatching(/^\d{4}-/),
      refuse_after: null,
      expires_at: expect.stringMatching(/^\d{4}-/),
    },
  });
  await clearDrainRequest({ home });
  await expect.poll(status).toEqual({ gateway_state: 'running', ...QUIET });
});

it('keeps the beginning of a drain that is refreshed', async () => {
  const { status, drain } = await statusGateway();
  await drain('first');
  await expect.poll(status).toMatchObject({ gateway_state: 'draining' });
  const since = async () => ((await status())['drain'] as { since: string }).since;
  const before = await since();
  await drain('again');
  await expect.poll(status).toMatchObject({ drain: { reason: 'again' } });
  expect(await since()).toBe(before);
});

it('tells of an announced drain, and what happens with messages', async () => {
  const { status, home } = await statusGateway({ onDrain: 'queue' });
  await writeDrainRequest({ home, epoch: 'epoch', leadSeconds: 60 });
  await expect.poll(status).toMatchObject({
    gateway_state: 'running',
    on_drain: 'queue',
    drain: { in_force: false, refuse_after: expect.stringMatching(/^\d{4}-/) },
  });
});

it('answers while the gateway recovers the turns of the process before', async () => {
  const { status } = await statusGateway({ open: false });
  expect(await status()).toMatchObject({ gateway_state: 'starting' });
});
