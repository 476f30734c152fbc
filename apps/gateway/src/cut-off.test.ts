import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { lacksPostgres, postgresSchema } from '@hermes/test-kit/postgres';
import { expect, it } from 'vitest';
import { BotApiServer, TOKEN } from './testing/bot-api-server.ts';
import { type GatewayProcess, startGateway } from './testing/gateway-process.ts';
import { bodyOf, eventsOf, type StreamedEvent } from './testing/http-gateway.ts';
import { localServer, received } from './testing/local-server.ts';
import { chunk, modelServer, saying, streaming } from './testing/model-server.ts';

/** A home whose agent says a part of its first answer, and then no more. */
async function cutHome(...config: string[]) {
  const model = await modelServer(streaming([chunk('First, ')], 'hang'), saying('Second.'));
  const home = temporaryDirectory();
  const agent = `agent: {kind: openai, base_url: '${model.baseUrl}', model: m, max_retries: 0}`;
  writeFileSync(join(home, 'config.yaml'), [agent, 'restart_drain_timeout: 0', ...config, ''].join('\n'));
  const asked = () => model.asked.map(({ body }) => (body as { messages: { content: string }[] }).messages);
  return { home, asked };
}

const STREAM = { accept: 'text/event-stream' };

/** Sends a message, and waits for the first part of its reply. @returns the id of its turn, and the rest of the events. */
async function untilSaid(gateway: GatewayProcess) {
  const events = eventsOf(await gateway.post({ session: 'anna', text: 'go on' }, STREAM));
  const { value: turn } = await events.next();
  const { value: delta } = await events.next();
  expect(delta?.data).toEqual({ text: 'First, ' });
  const last = async () => {
    let data: unknown;
    for await (const event of events) data = event.data;
    return data;
  };
  return { id: idOf(turn), last };
}

function idOf(turn: StreamedEvent | undefined): string {
  const { turn_id: id } = (turn?.data ?? {}) as { turn_id?: string };
  return id ?? '';
}

const found = async (gateway: GatewayProcess, id: string) => (await fetch(`${gateway.url}/v1/turns/${id}`)).json();

const CUT = /^First, \n\n\[The answer was interrupted before it was complete: /;

it('what was said before a turn was deleted stays: in its answers, the webhook, and the history of the model', async () => {
  const pushed: unknown[] = [];
  const hook = await localServer((request, response) => {
    void received(request, response).then(({ body }) => {
      pushed.push(JSON.parse(body));
      response.writeHead(204).end();
    });
  });
  const { home, asked } = await cutHome(`webhook: {url: '${hook.url}', secret_env: HOOK_SECRET}`);
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const gateway = await startGateway({ home, environment: { HOOK_SECRET: secret } });
  const { id, last } = await untilSaid(gateway);
  await fetch(`${gateway.url}/v1/turns/${id}`, { method: 'DELETE' });
  const end = { turn_id: id, status: 'interrupted', problem: expect.any(String), partial_reply: 'First, ' };
  expect([await last(), await found(gateway, id)]).toMatchObject([end, end]);
  await eventually(() => expect(pushed).toMatchObject([{ type: 'turn', data: end }]));
  expect(await gateway.post({ session: 'anna', text: 'and then?' }).then(bodyOf)).toMatchObject({ reply: 'Second.' });
  expect(asked()[1]).toMatchObject([
    { content: 'go on' },
    { content: expect.stringMatching(CUT) },
    { content: 'and then?' },
  ]);
});

it('what was said before a shutdown stays over the restart, and after a kill there is nothing of it', async () => {
  const { home, asked } = await cutHome();
  const first = await startGateway({ home });
  const { id } = await untilSaid(first);
  first.kill('SIGTERM');
  await first.exited;
  const second = await startGateway({ home });
  const cut = { status: 'interrupted', problem: expect.stringMatching(/is stopping/), partial_reply: 'First, ' };
  expect(await found(second, id)).toMatchObject(cut);
  await second.post({ session: 'anna', text: 'and then?' });
  expect(asked()[1]?.[1]).toEqual({ role: 'assistant', content: expect.stringMatching(CUT) });

  const killed = await cutHome();
  const third = await startGateway({ home: killed.home });
  const { id: lost } = await untilSaid(third);
  third.kill('SIGKILL');
  await third.exited;
  const fourth = await startGateway({ home: killed.home });
  await eventually(async () => expect(await found(fourth, lost)).toMatchObject({ status: 'done', reply: 'Second.' }));
});

it('a part of a reply that does not fit does not end the history of the model', async () => {
  const { home, asked } = await cutHome('history: {max_chars: 25}');
  const gateway = await startGateway({ home });
  const { id } = await untilSaid(gateway);
  await fetch(`${gateway.url}/v1/turns/${id}`, { method: 'DELETE' });
  for (const text of ['and then?', 'and then, after that?'])
    expect(await gateway.post({ session: 'anna', text }).then(bodyOf)).toMatchObject({ reply: 'Second.' });
  const note = expect.stringMatching(/^\[The answer was interrupted/);
  expect(asked().slice(1)).toMatchObject([
    [{ content: 'go on' }, { content: expect.stringMatching(CUT) }, { content: 'and then?' }],
    [{ content: 'go on' }, { content: note }, {}, { content: 'Second.' }, { content: 'and then, after that?' }],
  ]);
});

it('a command that is interrupted leaves what it has said', async () => {
  const home = temporaryDirectory();
  const command = "agent: {kind: command, command: [sh, -c, 'echo First,; exec sleep 600']}\n";
  writeFileSync(join(home, 'config.yaml'), command);
  const gateway = await startGateway({ home });
  const events = eventsOf(await gateway.post({ session: 'anna', text: 'go on' }, STREAM));
  const { value: turn } = await events.next();
  await events.next();
  expect(await gateway.post({ session: 'anna', text: '/stop' }).then(bodyOf)).toMatchObject({ status: 'done' });
  const id = idOf(turn);
  await eventually(async () =>
    expect(await found(gateway, id)).toMatchObject({ status: 'interrupted', partial_reply: 'First,\n' }),
  );
});

const journals = lacksPostgres() ? (['sqlite'] as const) : (['sqlite', 'postgres'] as const);

it.each(journals)(
  'a chat keeps what it saw of an interrupted reply, and gets the words behind it, with %s',
  async (kind) => {
    const server = new BotApiServer();
    await server.listen();
    const { url, schema } = kind === 'postgres' ? await postgresSchema() : { url: '', schema: '' };
    const journal = kind === 'postgres' ? [`journal: {kind: postgres, url_env: DATABASE_URL, schema: ${schema}}`] : [];
    const { home, asked } = await cutHome(`telegram: {token_env: BOT, api_root: '${server.url}'}`, ...journal);
    await startGateway({ home, environment: { DATABASE_URL: url, BOT: TOKEN } });
    server.message(1, 7, 'go on');
    await eventually(() => expect(server.said(7)).toEqual(['First, …']));
    server.message(2, 7, '/stop');
    const words = 'This task was interrupted by /stop.';
    await eventually(() => expect(server.said(7)).toContain(words));
    const edits = server.callsOf('editMessageText').map(({ payload }) => [payload.message_id, payload.text]);
    expect(edits).toEqual([[1_001, 'First,']]);
    server.message(3, 7, 'and then?');
    await eventually(() => expect(server.said(7)).toContain('Second.'));
    expect(asked()[1]?.[1]?.content).toBe(`First, \n\n[The answer was interrupted before it was complete: ${words}]`);
  },
);

it('a chat that saw nothing of a reply that failed gets what there is of it, and why', async () => {
  const server = new BotApiServer();
  await server.listen();
  const model = await modelServer(streaming([chunk('**First**, ')], 'break'));
  const home = temporaryDirectory();
  const agent = `agent: {kind: openai, base_url: '${model.baseUrl}', model: m, max_retries: 0}`;
  const channel = `telegram: {token_env: BOT, api_root: '${server.url}', stream: false}`;
  writeFileSync(join(home, 'config.yaml'), `${agent}\n${channel}\n`);
  await startGateway({ home, environment: { BOT: TOKEN } });
  server.message(1, 7, 'go on');
  await eventually(() => expect(server.said(7)).toEqual(['<b>First</b>,', expect.stringMatching(/model server/)]));
});
