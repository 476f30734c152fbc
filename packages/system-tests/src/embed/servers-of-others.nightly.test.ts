import { eventually } from '@hermes/test-kit/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Drainctl } from '../live/drainctl-process.ts';
import type { SpokenModel } from '../live/spoken-model.ts';
import type { DocumentedServer } from './documented-server.ts';
import { SERVERS, type ServerName, ServersOfOthers } from './servers-of-others.ts';

let others: ServersOfOthers;
beforeAll(async () => {
  others = await ServersOfOthers.install();
}, 300_000);
afterAll(() => others[Symbol.asyncDispose]());

/** How long a streamed turn lasts while a deploy waits for it. */
const STREAM_SECONDS = Number(process.env.HERMES_STREAM_SECONDS || 2);
const PIECES_A_SECOND = 5;

function inFlight(server: DocumentedServer<SpokenModel>, count: number): Promise<void> {
  return eventually(async () => expect(await server.state()).toMatchObject({ active_agents: count }));
}

/** Speaks at a steady pace, as a model does. @returns what was said. */
async function speak(model: SpokenModel, seconds: number): Promise<string> {
  const pieces = Array.from({ length: seconds * PIECES_A_SECOND }, (_, index) => `${index} `);
  for (const piece of pieces) {
    model.say(piece);
    await new Promise((resolve) => setTimeout(resolve, 1_000 / PIECES_A_SECOND));
  }
  return pieces.join('');
}

describe.each(Object.keys(SERVERS) as ServerName[])('the %s server in docs/embed-servers.md', (name) => {
  test(`is deployed in the middle of a stream of ${STREAM_SECONDS} s, and comes back`, {
    timeout: 180_000,
  }, async () => {
    await using server = await others.start(name);
    const { model, operator } = server;
    await using anna = await others.ask(server, name, 'anna', 'long');
    await model.isAsked(1);
    model.say('once ');
    await anna.hasText('once ');
    await inFlight(server, 1);

    const begun = await new Drainctl(server, 'begin', '--reason', 'new version').ended();
    expect(begun).toMatchObject({ code: 0 });
    await using ben = await others.ask(server, name, 'ben', 'hello');
    expect(await ben.ended()).toMatchObject({ end: 'failed', error: expect.stringContaining('new version') });
    expect([await server.probe('/livez'), await server.probe('/readyz')]).toEqual([200, 503]);
    expect((await operator.status()).body).toMatchObject({ safe_to_stop: false, active_agents: 1 });

    const said = await speak(model, STREAM_SECONDS);
    expect((await operator.status()).body).toMatchObject({ safe_to_stop: false });
    model.end('upon a time');
    expect(await anna.ended()).toEqual({ end: 'whole' });
    expect(anna.text).toBe(`once ${said}upon a time`);
    expect((await operator.untilDrained()).body).toMatchObject({ safe_to_stop: true });
    expect(model.asked.length).toBe(1);

    server.program.child.kill('SIGTERM');
    expect(await server.program.exited).toEqual({ code: null, signal: 'SIGTERM' });
    await server.run();
    expect((await operator.status()).body).toMatchObject({ gateway_state: 'draining' });
    expect(await new Drainctl(server, 'cancel').ended()).toMatchObject({ code: 0 });
    await using again = await others.ask(server, name, 'ben', 'again');
    await model.isAsked(2);
    model.end('hi');
    expect(await again.ended()).toEqual({ end: 'whole' });
    expect(again.text).toBe('hi');
    await inFlight(server, 0);
  });

  test('holds no turn for a client that is gone, nor for broken requests', async () => {
    await using server = await others.start(name);
    const { model } = server;
    await using anna = await others.ask(server, name, 'anna', 'left');
    await model.isAsked(1);
    model.say('once ');
    await anna.hasText('once ');
    await inFlight(server, 1);
    await anna.kill();
    // A task of A2A continues without its client.
    if (name === 'A2A') model.end('upon a time');
    else await eventually(() => expect(model.abandoned).toEqual(['left']));
    await inFlight(server, 0);

    await sendBroken(await server.url());
    await inFlight(server, 0);
    expect(await server.probe('/livez')).toBe(200);
  });
});

/** Sends what no client sends, to the routes of all servers. */
async function sendBroken(url: string): Promise<void> {
  const paths = ['/api/chat', '/api/agents/helper/stream', '/api/agents/unknown/stream', '/mcp', '/a2a'];
  const bodies = ['', '{', 'null', '[]', '[null]', '{}', '{"method":"tools/call"}', '"text"', '{"id":{},"messages":7}'];
  const headers = { 'content-type': 'application/json' };
  for (const path of paths)
    for (const body of bodies) {
      const signal = AbortSignal.timeout(5_000);
      const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body, signal }).catch(() => undefined);
      await answer?.body?.cancel();
    }
}
