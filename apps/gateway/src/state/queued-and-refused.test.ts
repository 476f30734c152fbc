import { clearDrainRequest, readGatewayState } from '@hermes/drain-contract';
import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it, vi } from 'vitest';
import { type HttpGatewayOptions, httpGateway } from '../testing/http-gateway.ts';

/** A gateway, and what it publishes of its messages in the end. */
async function publishingGateway(options: HttpGatewayOptions = {}) {
  const parts = await httpGateway(options);
  const { home, post } = parts;
  return {
    ...parts,
    message: (text: string, session = 's') => post({ session, text }, { prefer: 'respond-async' }),
    publishes: (figures: Record<string, unknown>) =>
      eventually(() => expect(readGatewayState({ home })).toMatchObject(figures)),
  };
}

describe('the published state', () => {
  it('counts the messages that wait, from the first to the last of them', async () => {
    const { agent, message, publishes } = await publishingGateway();
    await publishes({ queued_turns: 0, refused_turns: 0 });
    for (const text of ['a', 'b', 'c']) await message(text);
    await publishes({ active_agents: 1, queued_turns: 2 });
    for (const held of [1, 0]) {
      agent.call(1 - held).end();
      await publishes({ active_agents: 1, queued_turns: held });
    }
    agent.call(2).end();
    await publishes({ active_agents: 0, queued_turns: 0 });
  });

  it('counts the messages that a drain refuses, until it ends; a refresh is no end', async () => {
    const { home, drain, message, publishes } = await publishingGateway();
    await drain();
    for (const session of ['s', 's', 't']) expect((await message('a', session)).status).toBe(503);
    await publishes({ gateway_state: 'draining', queued_turns: 0, refused_turns: 3 });
    await drain();
    await message('a');
    await publishes({ refused_turns: 4 });
    await clearDrainRequest({ home });
    await publishes({ gateway_state: 'running', refused_turns: 0 });
  });

  it('counts anew for another drain', async () => {
    const { home, drain, message, publishes } = await publishingGateway();
    const first = await drain();
    await message('a');
    await publishes({ refused_turns: 1 });
    await clearDrainRequest({ home });
    const second = await drain();
    expect(second.request_id).not.toBe(first.request_id);
    await message('a');
    await publishes({ drain: expect.objectContaining({ request_id: second.request_id }), refused_turns: 1 });
  });

  it('counts what a drain stores as held, and not as refused', async () => {
    const { home, drain, message, publishes } = await publishingGateway({ onDrain: 'queue' });
    await drain();
    for (const session of ['s', 's', 't']) expect((await message('a', session)).status).toBe(202);
    await publishes({ gateway_state: 'draining', queued_turns: 3, refused_turns: 0 });
    await clearDrainRequest({ home });
    await publishes({ active_agents: 2, queued_turns: 1 });
  });

  it('does not count a message as waiting that could not be stored', async () => {
    const { journal, gateway, message, publishes } = await publishingGateway();
    await message('a');
    vi.spyOn(journal, 'accept').mockRejectedValueOnce(new Error('the disk is full'));
    expect((await message('b')).status).toBe(503);
    await gateway.published();
    await publishes({ active_agents: 1, queued_turns: 0 });
  });
});
