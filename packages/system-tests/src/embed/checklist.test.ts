import { lacking } from '@hermes/test-kit';
import { describe, expect, test as vitest } from 'vitest';
import { firstProcess, NEW_BOOT, newBootObstacle } from '../live/new-boot.ts';
import { DocumentedServer, lackingFor, PROVEN_SERVERS } from './documented-server.ts';

const obstacle = newBootObstacle();
const isLackingBoots = lacking(`a new PID namespace, for the restart of a container: ${obstacle}`, obstacle === '');

describe.each(PROVEN_SERVERS)('the checklist for the server below "%s" in docs/embed.md, in a container', (heading) => {
  const test = vitest.skipIf(isLackingBoots || lackingFor(heading));

  test('a drain in the middle of a turn, its cancel, and a restart of the container that ends a drain', async () => {
    await using server = await DocumentedServer.start(heading, { within: NEW_BOOT });
    const { model, operator } = server;
    const streaming = server.chat('anna', 'long');
    await model.send('long', 'once ');
    const response = await streaming;
    await server.published({ active_agents: 1 });

    // (a) The begin is observed, for this very request.
    const begun = await operator.beginDrain({ reason: 'new version' });
    expect(begun).toMatchObject({ status: 200, body: { draining: true, gateway_running: true } });
    const { request_id } = begun.body;
    await server.published({ gateway_state: 'draining', active_agents: 1, drain: { request_id, drained_at: null } });

    // (b) A new turn is refused with words, and starts nothing.
    const refused = await server.chat('ben', 'hello');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await refused.text()).toContain('Reason: new version. Retry later.');
    await server.published({ active_work: [{ session: 'anna' }], refused_turns: 1 });
    expect(model.received).toEqual(['long']);

    // (c) The turn in flight finishes whole, and is not safe to stop before.
    expect((await operator.status()).body).toMatchObject({ safe_to_stop: false });
    await model.finish('long', 'upon a time');
    expect(await response.text()).toBe('once upon a time');

    // (d) It is safe to stop, for that request.
    const { body } = await operator.untilDrained();
    expect(body).toMatchObject({
      safe_to_stop: true,
      request_id,
      gateway: { active_agents: 0, drain: { request_id } },
    });

    // (e) A cancel brings it back.
    expect((await operator.cancelDrain()).body).toMatchObject({ was_draining: true });
    const again = server.chat('ben', 'again');
    await model.finish('again', 'hi');
    expect(await (await again).text()).toBe('hi');
    await server.published({ gateway_state: 'running', drain: null, active_agents: 0 });

    // A restart of the container does, too: the marker of the boot before is void.
    await operator.beginDrain({ reason: 'new image' });
    expect((await operator.untilDrained()).body).toMatchObject({ safe_to_stop: true });
    const { epoch } = await server.state();
    // Its parent ends when nothing of it is left, which may hold the lock of the home until then.
    process.kill(firstProcess(server.program.pid), 'SIGKILL');
    await server.program.exited;
    await server.run();
    expect((await server.state())['epoch']).not.toBe(epoch);
    const after = server.chat('ben', 'after');
    await model.finish('after', 'back');
    expect(await (await after).text()).toBe('back');
    await server.published({ gateway_state: 'running', drain: null, active_agents: 0 });
  });

  test('as the first process of a container, it ends after its turns', async () => {
    await using server = await DocumentedServer.start(heading, { within: NEW_BOOT });
    const { model } = server;
    const streaming = server.chat('anna', 'last');
    await model.send('last', 'begin ');
    const response = await streaming;
    process.kill(firstProcess(server.program.pid), 'SIGTERM');
    await server.published({ gateway_state: 'stopping' });
    await model.finish('last', 'end');
    expect(await response.text()).toBe('begin end');
    // The kernel ignores a fatal signal that the first process sends to itself.
    expect(await server.program.exited).toEqual({ code: 128 + 15, signal: null });
    expect(await server.state()).toMatchObject({
      gateway_state: 'stopped',
      exit: { signal: 'SIGTERM', interrupted: 0 },
    });
  });
});
