import { clearDrainRequest } from '@hermes/drain-contract';
import { describe, expect, it, vi } from 'vitest';
import { bodyOf, httpGateway } from '../testing/http-gateway.ts';
import { LIMITS } from '../turns/engine.ts';

const HELLO = { session: 's', text: 'hello' };

describe('a gateway that drains', () => {
  it('refuses a message with 503, Retry-After and the reason of whoever drains', async () => {
    const { drain, post, agent } = await httpGateway();
    await drain('new kernel');
    const response = await post(HELLO);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await bodyOf(response)).toEqual({
      type: 'urn:hermes:problem:draining',
      title: 'Gateway is draining',
      status: 503,
      code: 'draining',
      detail: expect.stringMatching(
        /draining.*Reason: new kernel\. Your message was not stored; send it again later\./,
      ),
    });
    expect(agent.calls).toEqual([]);
  });

  it('takes messages again from the moment the drain is cancelled', async () => {
    const { drain, post, home } = await httpGateway();
    await drain();
    expect((await post(HELLO, { prefer: 'wait=0' })).status).toBe(503);
    await clearDrainRequest({ home });
    expect((await post(HELLO, { prefer: 'wait=0' })).status).toBe(202);
  });

  it('gives the reply of the turn that runs, and runs those behind it afterwards', async () => {
    const { drain, post, agent, home, gateway } = await httpGateway();
    const [first, second] = [post(HELLO), post({ ...HELLO, text: 'second' })];
    await vi.waitFor(() => expect(gateway.engine.waiting).toBe(1));
    await drain();
    agent.call(0).end();
    expect((await first).status).toBe(200);
    expect(agent.calls).toHaveLength(1);
    await clearDrainRequest({ home });
    await vi.waitFor(() => expect(agent.calls).toHaveLength(2));
    agent.call(1).end();
    expect((await second).status).toBe(200);
  });

  it('gives a repeated message the answer it had before', async () => {
    const { drain, post, agent } = await httpGateway();
    const message = { ...HELLO, message_id: 'm' };
    await post(message, { prefer: 'wait=0' });
    agent.call(0).end();
    await drain();
    expect((await post(message)).status).toBe(200);
  });
});

describe('a gateway that does not run', () => {
  it('refuses while starting', async () => {
    const { post } = await httpGateway({ open: false });
    const response = await post(HELLO);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await bodyOf(response)).toMatchObject({ code: 'starting' });
  });

  it('refuses while stopping, also when a drain is in force', async () => {
    const { post, drain, gateway } = await httpGateway();
    await drain();
    gateway.stop();
    const response = await post(HELLO);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '10']);
    expect(await bodyOf(response)).toMatchObject({ code: 'stopping' });
  });

  it('refuses when too many messages wait', async () => {
    const { post, gateway } = await httpGateway();
    for (let message = 0; message <= LIMITS.perSession; message++)
      gateway.engine.submit({ ...HELLO, kind: 'external' });
    const response = await post(HELLO);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await bodyOf(response)).toMatchObject({
      code: 'overloaded',
      detail: expect.stringContaining('1000 messages'),
    });
  });
});
