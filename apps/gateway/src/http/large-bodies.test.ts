import { request } from 'node:http';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, it, vi } from 'vitest';
import { httpGateway } from '../testing/http-gateway.ts';
import type { Call, ScriptedAgent } from '../testing/scripted-agent.ts';
import { MIB } from './large-bodies.ts';

const PATH = '/v1/chat/completions';

function completion(bytes: number): string {
  const messages = [
    { role: 'system', content: 'A'.repeat(bytes) },
    { role: 'user', content: 'see' },
  ];
  return JSON.stringify({ model: 'm', messages });
}

/** The running turn with this text, which has sent a part of its reply. */
async function started(agent: ScriptedAgent, text: string): Promise<Call> {
  await eventually(() => expect(agent.asked).toContain(text));
  const call = agent.call(agent.asked.indexOf(text));
  call.say('a cat');
  return call;
}

function ask(url: string, body: string): Promise<Response> {
  return fetch(url + PATH, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}

/** A request that has said how long it is, and stops in the middle. */
async function halfRequest(port: number, headers: Record<string, string | number>) {
  const sent = request({ host: '127.0.0.1', port, path: PATH, method: 'POST', agent: false, headers });
  sent.on('error', () => undefined);
  sent.setHeader('content-type', 'application/json');
  sent.write('{');
  return sent;
}

it('takes a request of 19 MiB', async () => {
  const { url, agent } = await httpGateway();
  const answer = ask(url, completion(19 * MIB));
  (await started(agent, 'see')).end();
  expect((await answer).status).toBe(200);
});

it('refuses a larger one, and says the limit, also for a message', async () => {
  const { url, post } = await httpGateway({ access: { max_body_mib: 2 } });
  const refused = await ask(url, completion(2 * MIB));
  expect(refused.status).toBe(413);
  const { error } = (await refused.json()) as { error: { code: string; message: string } };
  expect(error.code).toBe('body-too-large');
  expect(error.message).toContain('larger than 2 MiB');
  expect(error.message).toContain('api_server.max_body_mib');
  const other = await post({ session: 's', text: 'x'.repeat(2 * MIB) });
  expect([other.status, await other.json()]).toMatchObject([413, { detail: expect.stringContaining('2097152 bytes') }]);
});

it.each([
  ['with a length', { 'content-length': 3 * MIB }],
  ['without a length', { 'transfer-encoding': 'chunked' }],
])('bounds what requests %s take together, and has room again when they have gone', async (_what, headers) => {
  const { url, port, agent, server } = await httpGateway({ access: { max_body_mib: 3 }, maxBodiesBytes: 4 * MIB });
  const arrived = vi.fn();
  server.server.on('request', arrived);
  const half = await halfRequest(port, headers);
  await eventually(() => expect(arrived).toHaveBeenCalledOnce());

  const refused = await ask(url, completion(2 * MIB));
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await refused.json()).toMatchObject({ error: { code: 'overloaded' } });
  const small = ask(url, completion(10));
  (await started(agent, 'see')).end();
  expect((await small).status).toBe(200);

  half.destroy();
  await eventually(async () => {
    const later = await ask(
      url,
      completion(2 * MIB)
        .replace('"see"', '"look"')
        .replace('"m"', '"m","stream":true'),
    );
    expect(later.status).toBe(200);
    await later.body?.cancel();
  });
});

it('holds no room for a body whose turn has begun', async () => {
  const { url, agent } = await httpGateway({ access: { max_body_mib: 3 }, maxBodiesBytes: 3 * MIB });
  const first = ask(url, completion(2 * MIB));
  const running = await started(agent, 'see');
  const second = ask(url, completion(2 * MIB).replace('"see"', '"look"'));
  (await started(agent, 'look')).end();
  expect((await second).status).toBe(200);
  running.end();
  expect((await first).status).toBe(200);
});
