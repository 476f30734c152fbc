import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { clearDrainRequest, readDrainRequest, writeDrainRequest } from '@hermes/drain-contract';
import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { beforeEach, describe, expect, it } from 'vitest';
import { BotApiServer, hang, TOKEN } from './testing/bot-api-server.ts';
import { type GatewayProcess, startGateway } from './testing/gateway-process.ts';
import { bodyOf } from './testing/http-gateway.ts';
import { modelServer, saying, silence } from './testing/model-server.ts';

const [OPERATOR, GUEST] = [7, 8];

let telegram: BotApiServer;
let home: string;
let updates: number;

beforeEach(async () => {
  telegram = new BotApiServer();
  await telegram.listen();
  home = temporaryDirectory();
  updates = 0;
});

function configure(...lines: string[]): void {
  const channel = ['telegram:', '  token_env: BOT_TOKEN', `  api_root: ${telegram.url}`];
  const operators = [`operators: ["telegram:${OPERATOR}", ops]`];
  writeFileSync(join(home, 'config.yaml'), [...channel, ...operators, ...lines, ''].join('\n'));
}

/** A gateway that a supervisor would start again. */
const start = (environment: Record<string, string> = { HERMES_SLOT: 'gateway-default' }): Promise<GatewayProcess> =>
  startGateway({ home, environment: { BOT_TOKEN: TOKEN, ...environment } });

function write(chat: number, text: string): void {
  updates += 1;
  telegram.message(updates, chat, text);
}

const said = (chat: number): string[] => telegram.said(chat).map(String);

async function ask(gateway: GatewayProcess, text: string, more: Record<string, unknown> = {}): Promise<string> {
  const response = await gateway.post({ session: 's', text, ...more });
  const body = await bodyOf(response);
  expect([response.status, body]).toMatchObject([200, { status: 'done' }]);
  return String(body.reply);
}

function pendingDeliveries(): unknown {
  const journal = new DatabaseSync(join(home, 'gateway.db'), { readOnly: true });
  const row = journal.prepare('SELECT count(*) AS count FROM deliveries').get();
  journal.close();
  return row?.count;
}

const untilSaid = (chat: number, ...texts: unknown[]) => eventually(() => expect(said(chat)).toEqual(texts));
const drainOf = () => readDrainRequest({ home });

describe('commands of a chat', () => {
  it('are answered at once while a task runs, which /stop interrupts', async () => {
    const server = await modelServer(silence, saying('Again.'));
    configure('agent:', '  kind: openai', `  base_url: ${server.baseUrl}`, '  model: m');
    const gateway = await start();
    write(GUEST, 'work');
    await server.untilAsked(1);
    write(GUEST, 'wait');
    write(GUEST, '/status');
    const status =
      /^The gateway is running\.\nTasks: 1 running, 1 waiting\.\nThis session: a task runs since \S+Z, 1 waiting\.$/;
    await untilSaid(GUEST, expect.stringMatching(status));
    write(GUEST, '/Stop@B_bot ');
    await eventually(() => {
      expect(said(GUEST).slice(1).toSorted()).toEqual([
        'Again.',
        'Interrupting the running task.',
        'This task was interrupted by /stop.',
      ]);
    });
    write(GUEST, '/stop');
    await eventually(() => expect(said(GUEST).at(-1)).toBe('No task is running in this session.'));
    expect(await ask(gateway, '/help')).toContain('/status - ');
    expect(await ask(gateway, '/help')).not.toContain('/drain');
    expect(await ask(gateway, '/help', { session: 'ops' })).toContain('/drain - ');
  });

  it('are not those of the agent, nor of another bot', async () => {
    configure();
    const gateway = await start();
    write(GUEST, '/model x');
    write(GUEST, '/stop@other_bot');
    await untilSaid(GUEST, '/model x', '/stop@other_bot');
    expect(await ask(gateway, 'not /help')).toBe('not /help');
  });

  it('are answered once for a message, also after a restart', async () => {
    configure();
    const first = await start();
    const answer = await ask(first, '/status', { message_id: 'm' });
    first.kill('SIGKILL');
    await first.exited;
    const second = await start();
    await writeDrainRequest({ home });
    expect(await ask(second, '/status', { message_id: 'm' })).toBe(answer);
    expect(await ask(second, '/status')).toContain('The gateway is draining. A drain by drain-control is in force');
  });

  it('are answered once if the channel repeats them after a crash', async () => {
    configure();
    telegram.faults.getUpdates = [undefined, hang];
    write(GUEST, '/status');
    const first = await start();
    await untilSaid(GUEST, expect.stringContaining('The gateway is running.'));
    // A crash before this is stored repeats the sending, like that of every reply.
    await eventually(() => expect(pendingDeliveries()).toBe(0));
    expect(telegram.unconfirmed).toEqual([1]);
    first.kill('SIGKILL');
    await first.exited;
    await start();
    write(GUEST, '/new');
    await untilSaid(GUEST, expect.stringContaining('running'), expect.stringContaining('A new conversation begins'));
  });

  it('begin a new conversation, also after a restart', async () => {
    const server = await modelServer(saying('Yes.'));
    configure('agent:', '  kind: openai', `  base_url: ${server.baseUrl}`, '  model: m');
    const first = await start();
    await ask(first, 'one');
    expect(await ask(first, '/new')).toContain('A new conversation begins');
    first.kill('SIGTERM');
    await first.exited;
    const second = await start();
    await ask(second, 'two');
    await ask(second, '/help');
    await ask(second, 'three');
    expect(server.asked.map(({ body }) => (body as { messages: { content: string }[] }).messages)).toMatchObject([
      [{ content: 'one' }],
      [{ content: 'two' }],
      [{ content: 'two' }, { content: 'Yes.' }, { content: 'three' }],
    ]);
  });
});

describe('an operator', () => {
  it('drains and cancels by the marker of the dashboard, while others are told that they may not', async () => {
    configure();
    const gateway = await start();
    write(GUEST, '/drain');
    await untilSaid(GUEST, expect.stringContaining('/drain is for operators only'));
    expect(said(GUEST)[0]).toContain('telegram:8');
    expect(await ask(gateway, '/drain', { session: `telegram:${OPERATOR}` })).toContain('for operators only');
    expect(drainOf()).toBeUndefined();
    write(OPERATOR, '/drain update at noon');
    await eventually(() => expect(gateway.state?.gateway_state).toBe('draining'));
    expect(drainOf()).toMatchObject({ principal: 'chat:telegram:7', reason: 'update at noon' });
    await eventually(() => expect(said(OPERATOR).at(-1)).toContain('Draining: no new task starts.'));
    expect(await ask(gateway, '/drain', { session: 'ops' })).toContain('A drain by chat:telegram:7 (update at noon)');
    expect(await ask(gateway, '/cancel', { session: 'ops' })).toBe('The drain is cancelled: new tasks start again.');
    expect(await ask(gateway, '/cancel', { session: 'ops' })).toBe('No drain is in force.');
    const entries = readFileSync(join(home, 'logs', 'drain-audit.jsonl'), 'utf8')
      .trimEnd()
      .split('\n');
    const id = expect.stringMatching(/^[0-9a-f-]{36}$/);
    const audited = { address: 'chat', profile: 'default' };
    expect(entries.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { ...audited, seq: 1, principal: 'chat:telegram:8', action: 'drain', result: 'refused', status: 403 },
      { ...audited, principal: 'chat:telegram:7', action: 'drain', result: 'refused', status: 403 },
      {
        ...audited,
        principal: 'chat:telegram:7',
        action: 'drain',
        reason: 'update at noon',
        request_id: id,
        result: 'ok',
      },
      { ...audited, principal: 'chat:ops', action: 'drain', result: 'refused', status: 409 },
      { ...audited, principal: 'chat:ops', action: 'cancel', request_id: id, result: 'ok', status: 200 },
      { ...audited, seq: 6, principal: 'chat:ops', action: 'cancel', request_id: null, result: 'ok' },
    ]);
    await eventually(() => expect(gateway.state?.gateway_state).toBe('running'));
    expect(await ask(gateway, 'hello')).toBe('hello');
  });

  it.each(['without a crash', 'with a crash on the way'])(
    'restarts after the tasks have ended, and hears when the gateway is back, %s',
    async (how) => {
      const server = await modelServer(silence, saying('Done.'));
      const agent = ['agent:', '  kind: openai', `  base_url: ${server.baseUrl}`, '  model: m'];
      configure(...agent);
      const first = await start();
      write(GUEST, 'work');
      await server.untilAsked(1);
      write(OPERATOR, '/restart');
      await untilSaid(
        OPERATOR,
        expect.stringMatching(/^Restarting when the running tasks have ended. 1 task is running/),
      );
      expect(await ask(first, '/restart', { session: 'ops' })).toContain('waits already');
      expect(await ask(first, '/status')).toContain('I restart when the running tasks have ended.');
      if (how === 'without a crash') {
        write(GUEST, '/stop');
        expect(await first.exited).toMatchObject({ code: 75, signal: null });
        expect(first.state).toMatchObject({ gateway_state: 'stopped', exit: { code: 75, reason: 'restart' } });
      } else first.kill('SIGKILL');
      await first.exited;
      const second = await start();
      await eventually(() => expect(second.state?.gateway_state).toBe('running'));
      expect(drainOf()).toBeUndefined();
      await eventually(() => expect(said(OPERATOR).slice(1)).toEqual(['I am back and accept messages again.']));
    },
  );

  it('may give a restart up, and one under the drain of another leaves that in force', async () => {
    const server = await modelServer(silence);
    configure('agent:', '  kind: openai', `  base_url: ${server.baseUrl}`, '  model: m');
    const gateway = await start();
    write(GUEST, 'work');
    await server.untilAsked(1);
    expect(await ask(gateway, '/restart', { session: 'ops' })).toContain('Restarting');
    expect(await ask(gateway, '/cancel', { session: 'ops' })).toContain('cancelled');
    await eventually(() => expect(gateway.state?.gateway_state).toBe('running'));
    expect(await ask(gateway, '/status')).not.toContain('I restart');
    const { request_id } = await writeDrainRequest({ home, principal: 'anna' });
    expect(await ask(gateway, '/restart', { session: 'ops' })).toContain('by anna');
    write(GUEST, '/stop');
    expect(await gateway.exited).toMatchObject({ code: 75 });
    const next = await start();
    await eventually(() => expect(next.state?.gateway_state).toBe('draining'));
    await clearDrainRequest({ home, requestId: request_id });
  });

  it('is told when nothing would start the gateway again, and nothing happens', async () => {
    configure();
    const gateway = await start({});
    expect(await ask(gateway, '/restart', { session: 'ops' })).toContain('No supervisor runs this gateway');
    expect(drainOf()).toBeUndefined();
    expect(await ask(gateway, 'hello')).toBe('hello');
  });
});
