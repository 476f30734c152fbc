import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, test as vitest } from 'vitest';
import { DocumentedServer, HTTP_SERVERS, lackingFor } from './documented-server.ts';

/** Waits until the published state has so many turns in flight. */
function inFlight(server: DocumentedServer, count: number): Promise<void> {
  return eventually(async () => expect(await server.state()).toMatchObject({ active_agents: count }));
}

describe.each(HTTP_SERVERS)('the server below "%s" in docs/embed.md', (heading) => {
  const test = vitest.skipIf(lackingFor(heading));

  test('drains in the middle of a stream: refuses the next, streams to the end, is safe to stop, comes back', async () => {
    await using server = await DocumentedServer.start(heading);
    const { model, operator } = server;
    expect([await server.probe('/livez'), await server.probe('/readyz')]).toEqual([200, 200]);
    const streaming = server.chat('anna', 'long');
    await model.send('long', 'once ');
    const response = await streaming;
    await inFlight(server, 1);
    expect((await operator.status()).body).toMatchObject({ active_work: [{ session: 'anna' }] });

    expect((await operator.beginDrain({ reason: 'new version' })).status).toBe(200);
    const refused = await server.chat('ben', 'hello');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await refused.text()).toContain('Reason: new version.');
    expect([await server.probe('/livez'), await server.probe('/readyz')]).toEqual([200, 503]);
    expect((await operator.status()).body).toMatchObject({ safe_to_stop: false });

    await model.finish('long', 'upon a time');
    expect(await response.text()).toBe('once upon a time');
    expect((await operator.untilDrained()).body).toMatchObject({ safe_to_stop: true });
    await operator.cancelDrain();
    const again = server.chat('ben', 'hello');
    await model.finish('hello', 'hi');
    expect(await (await again).text()).toBe('hi');
  });

  test('releases the turn of a client that goes away, and stops its agent', async () => {
    await using server = await DocumentedServer.start(heading);
    const { model } = server;
    const client = new AbortController();
    const streaming = server.chat('anna', 'left', client.signal);
    await model.send('left', 'once ');
    await streaming;
    await inFlight(server, 1);
    client.abort();
    await eventually(async () => {
      // A thread that waits for its agent notices it when it writes.
      if (heading === 'Python') model.nudge('left');
      expect(await server.state()).toMatchObject({ active_agents: 0 });
    });
    await eventually(() => expect(model.abandoned).toContain('left'));
  });

  test('survives odd requests, without a turn left behind', async () => {
    await using server = await DocumentedServer.start(heading);
    const { model } = server;
    const url = await server.url();
    const odd = [
      '/chat?session=&text=odd',
      `/chat?session=${'x'.repeat(2_000)}&text=odd`,
      '/chat?session=a&session=b&text=odd',
      '//',
    ];
    // Those that the agent has begun to answer are given up in the middle.
    const given = (path: string, method: string) =>
      fetch(`${url}${path}`, { method, signal: AbortSignal.timeout(2_000) })
        .then((answer) => answer.text())
        .catch(() => undefined);
    await Promise.all([...odd.map((path) => given(path, 'GET')), given('/chat?text=head', 'HEAD')]);
    await eventually(async () => {
      // A thread that waits for its agent notices it when it writes.
      if (heading === 'Python') model.nudgeAll();
      expect(await server.state()).toMatchObject({ active_agents: 0 });
    });
    expect(await server.probe('/livez')).toBe(200);
  });

  test('a SIGTERM lets the stream end, also when it is repeated at once, a SIGINT after it does not; the drain outlives the restart of the process', async () => {
    await using server = await DocumentedServer.start(heading);
    const { model, operator } = server;
    const whole = await streamed(server, 'whole');
    await operator.beginDrain();
    server.program.child.kill('SIGTERM');
    await eventually(async () => expect(await server.state()).toMatchObject({ gateway_state: 'stopping' }));
    server.program.child.kill('SIGTERM');
    await model.finish('whole', 'end');
    expect(await whole.text()).toBe('begin end');
    expect(await server.program.exited).toEqual({ code: null, signal: 'SIGTERM' });
    expect(await server.state()).toMatchObject({
      gateway_state: 'stopped',
      exit: { signal: 'SIGTERM', interrupted: 0 },
    });

    await server.run();
    expect((await server.chat('anna', 'held')).status).toBe(503);
    await operator.cancelDrain();
    const cut = await streamed(server, 'cut');
    server.program.child.kill('SIGTERM');
    await eventually(async () => expect(await server.state()).toMatchObject({ gateway_state: 'stopping' }));
    server.program.child.kill('SIGINT');
    await expect(cut.text()).rejects.toThrow();
    expect(await server.program.exited).toEqual({ code: null, signal: 'SIGTERM' });
    expect(await server.state()).toMatchObject({ gateway_state: 'stopped', exit: { interrupted: 1 } });
    await eventually(() => expect(model.abandoned).toContain('cut'));
  });
});

async function streamed(server: DocumentedServer, text: string): Promise<Response> {
  const streaming = server.chat('anna', text);
  await server.model.send(text, 'begin ');
  const response = await streaming;
  await inFlight(server, 1);
  return response;
}
