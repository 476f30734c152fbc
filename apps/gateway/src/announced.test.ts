import { clearDrainRequest, readGatewayState, writeDrainRequest } from '@hermes/drain-contract';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, it, vi } from 'vitest';
import { bodyOf, httpGateway } from './testing/http-gateway.ts';

const HELLO = { session: 's', text: 'hello' };

/** A gateway that is not ready since a drain was announced, and the marker of that. */
async function announced(leadSeconds: number) {
  const parts = await httpGateway();
  const request = await writeDrainRequest({ home: parts.home, epoch: 'epoch', leadSeconds });
  const ready = async () => {
    const response = await fetch(`${parts.url}/readyz`);
    return [response.status, (await bodyOf(response)).status];
  };
  const notices = async () => (await parts.journal.eventsAfter('s', 0, 100)).map(({ data }) => data.notice);
  return { ...parts, request, ready, notices };
}

it('an announced drain removes the gateway from its load balancers and refuses no message', async () => {
  const { home, gateway, post, ready, notices, request } = await announced(300);
  expect(await ready()).toEqual([503, 'announced']);
  await writeDrainRequest({ home, epoch: 'epoch', requestId: request.request_id });
  expect((await post(HELLO, { prefer: 'respond-async' })).status).toBe(202);
  expect(gateway.verdict.reason).toBe('announced');
  expect([readGatewayState({ home })?.gateway_state, readGatewayState({ home })?.drain]).toEqual(['running', null]);
  expect(await ready()).toEqual([503, 'announced']);
  await clearDrainRequest({ home, requestId: request.request_id });
  expect(await ready()).toEqual([200, 'ok']);
  expect(await notices()).not.toContain('back');
  expect(await notices()).not.toContain('draining');
});

it('an announced drain starts at its time without any request', async () => {
  const { home, post, ready, request, notices } = await announced(1);
  await eventually(() => expect(readGatewayState({ home })?.gateway_state).toBe('draining'));
  const { drain } = readGatewayState({ home }) ?? {};
  expect(drain).toMatchObject({ request_id: request.request_id });
  expect(Date.parse(drain?.observed_at ?? '')).toBeGreaterThanOrEqual(Date.parse(request.refuse_after ?? ''));
  expect(await ready()).toEqual([503, 'draining']);
  expect((await post(HELLO)).status).toBe(503);
  await eventually(async () => expect(await notices()).toEqual(['draining']));
});

it('a drain with a lead time closes the connections that it answers on, so that their clients open others', async () => {
  const { home, post } = await announced(300);
  const connectionOf = async (answer: Promise<Response>) => {
    const { status, headers } = await answer;
    return [status, headers.get('connection')];
  };
  expect(await connectionOf(post(HELLO, { prefer: 'respond-async' }))).toEqual([202, 'close']);
  await clearDrainRequest({ home });
  await writeDrainRequest({ home, epoch: 'epoch', leadSeconds: 1 });
  await eventually(() => expect(readGatewayState({ home })?.gateway_state).toBe('draining'));
  expect(await connectionOf(post(HELLO))).toEqual([503, 'close']);
  await clearDrainRequest({ home });
  await eventually(() => expect(readGatewayState({ home })?.gateway_state).toBe('running'));
  expect(await connectionOf(post(HELLO, { prefer: 'respond-async' }))).toEqual([202, 'keep-alive']);
  await writeDrainRequest({ home, epoch: 'epoch' });
  expect(await connectionOf(post(HELLO))).toEqual([503, 'keep-alive']);
});

it('the door looks at the clock itself', async () => {
  const { gateway, request } = await announced(60);
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    vi.setSystemTime(Date.parse(request.refuse_after ?? '') - 1);
    expect(gateway.gate.refusal('external')).toBeUndefined();
    vi.setSystemTime(Date.parse(request.refuse_after ?? ''));
    expect(gateway.gate.refusal('external')).toMatchObject({ reason: 'draining', drain: request.request_id });
  } finally {
    vi.useRealTimers();
  }
});
