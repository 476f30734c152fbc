import { fileURLToPath } from 'node:url';
import { lacking, runs } from '@hermes/test-kit';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { PastTurn } from '../../../journal/turn-store.ts';
import { agentContext } from '../../../testing/agent-contexts.ts';
import { recordingLog } from '../../../testing/recording-log.ts';
import { replyOf } from '../../../testing/replies.ts';
import { agentSchema, type CommandAgentConfig } from '../../config.ts';
import { prepareIsolation } from '../../isolation/isolation.ts';
import { leftProcesses } from './process-list.ts';
import { SessionAgent } from './session-agent.ts';

const FIXTURE = fileURLToPath(new URL('../../fixtures/session.mjs', import.meta.url));
const BOUND = { timeout: 60_000 };

async function sessionAgent(settings: object = {}) {
  const { log, lines } = recordingLog();
  const context = agentContext({ log });
  const given = { kind: 'command', mode: 'session', command: [process.execPath, FIXTURE], ...settings };
  const config = agentSchema.parse(given) as CommandAgentConfig;
  const agent = new SessionAgent(config, context, await prepareIsolation(config, context));
  onTestFinished(() => agent.close());
  let turns = 0;
  const past = new Map<string, PastTurn[]>();
  /** One turn of a conversation, with the history that a gateway would give. */
  const ask = async (text: string, session = 's', options: Parameters<typeof replyOf>[2] = {}) => {
    turns += 1;
    const turn = `t${turns}`;
    const history = past.get(session) ?? [];
    const { said, error } = await replyOf(agent, { turn, session, text, history }, options);
    past.set(session, [...history, { id: turn, text, status: 'done', reply: said, problem: null }]);
    return error ? error.message : said;
  };
  return { agent, ask, past, context, lines };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const pidIn = (reply: string): number => Number(/ of (\d+) /.exec(reply)?.[1]);

it('one process answers the messages of a session, and another one those of another', async () => {
  const { ask } = await sessionAgent();
  const first = await ask('one');
  expect(first).toMatch(/^message 1 of \d+ t1 s, knows 0: one$/);
  expect(await ask('two')).toBe(`message 2 of ${pidIn(first)} t2 s, knows 0: two`);
  const other = await ask('three', 'other');
  expect(other).toMatch(/^message 1 of \d+ t3 other, knows 0: three$/);
  expect(pidIn(other)).not.toBe(pidIn(first));
});

it('a process that does not know the last turn, or knows a conversation that is over, makes room for a new one', async () => {
  const { ask, past } = await sessionAgent();
  const first = pidIn(await ask('one'));
  past.set('s', []);
  const second = await ask('two');
  expect(second).toMatch(/^message 1 .*, knows 0: two$/);
  past.set('s', [...(past.get('s') ?? []), { id: 'elsewhere', text: 'x', status: 'done', reply: 'y', problem: null }]);
  const third = await ask('three');
  expect(third).toMatch(/^message 1 .*, knows 4: three$/);
  expect(new Set([first, pidIn(second), pidIn(third)]).size).toBe(3);
});

it.each<[text: string, problem: RegExp]>([
  ['garbage', /wrote a line that is not of the protocol: expected a JSON object with the type/],
  ['die', /^The command ended with exit code 3 before its answer was complete\.$/],
])('a command that answers %j fails the turn, and a new one gets the next', async (text, problem) => {
  const { ask } = await sessionAgent();
  const before = pidIn(await ask('one'));
  expect(await ask(text)).toMatch(problem);
  const after = await ask('two');
  expect(after).toMatch(/^message 1 .*, knows 4: two$/);
  expect(pidIn(after)).not.toBe(before);
});

it('a command that writes after its answer is ended', async () => {
  const { ask, lines } = await sessionAgent();
  const before = pidIn(await ask('late'));
  await vi.waitUntil(() => !isRunning(before), BOUND);
  expect(await ask('two')).toMatch(/^message 1 .*, knows 2: two$/);
  expect(lines.filter(({ level }) => level === 'warn')).toMatchObject([
    { msg: expect.stringContaining('without a message') },
  ]);
});

it('an error of the command is that of the turn, and the process continues', async () => {
  const { ask } = await sessionAgent();
  const before = pidIn(await ask('one'));
  expect(await ask('fail')).toBe('I cannot.');
  expect(await ask('two')).toContain(`message 3 of ${before} `);
});

it('an interrupted turn ends by SIGINT, after which the process continues', async () => {
  const { ask } = await sessionAgent();
  const before = pidIn(await ask('one'));
  const stop = new AbortController();
  expect(await ask('wait', 's', { signal: stop.signal, heard: () => stop.abort(new Error('stopped')) })).toBe(
    'stopped',
  );
  expect(await ask('two')).toContain(`message 3 of ${before} `);
});

it('a turn that takes too long, or writes too much, ends its process', async () => {
  const slow = await sessionAgent({ timeout: 0.5, kill_after: 0.1 });
  expect(await slow.ask('wait')).toBe('The command took longer than 0.5 s and was stopped.');
  const long = await sessionAgent({ max_output: 10 });
  expect(await long.ask('one')).toBe('The command printed more than 10 bytes and was stopped.');
});

it('the least recently used idle process makes room for another session', async () => {
  const { ask } = await sessionAgent({ max_processes: 2 });
  const [a, b] = [pidIn(await ask('one', 'a')), pidIn(await ask('one', 'b'))];
  await ask('two', 'a');
  await ask('one', 'c');
  expect(await ask('three', 'a')).toContain(`message 3 of ${a} `);
  expect(pidIn(await ask('two', 'b'))).not.toBe(b);
});

it('a turn waits for a process while all are busy', async () => {
  const { ask } = await sessionAgent({ max_processes: 1 });
  const stop = new AbortController();
  const waiting = Promise.withResolvers<void>();
  const busy = ask('wait', 'a', { signal: stop.signal, heard: () => waiting.resolve() });
  await waiting.promise;
  const next = ask('one', 'b');
  stop.abort(new Error('stopped'));
  expect(await busy).toBe('stopped');
  expect(await next).toMatch(/^message 1 .* b, knows 0: one$/);
});

it('an idle process ends, and is not listed any more', async () => {
  const { ask, context } = await sessionAgent({ idle_timeout: 0.2 });
  const pid = pidIn(await ask('one'));
  const listed = () => leftProcesses(context.home, context.log);
  await vi.waitUntil(() => listed().length === 0, BOUND);
  expect(isRunning(pid)).toBe(false);
});

it('closing ends the idle processes', async () => {
  const { agent, ask, context } = await sessionAgent();
  const pid = pidIn(await ask('one'));
  expect(leftProcesses(context.home, context.log)).toMatchObject([{ turn: 't1', process: { group: pid } }]);
  await agent.close();
  expect(isRunning(pid)).toBe(false);
});

const TRIAL = ['--unshare-user', '--unshare-pid', '--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', 'true'];

it.skipIf(lacking('the Debian package bubblewrap, and user namespaces', runs('bwrap', ...TRIAL)))(
  'works in a sandbox, which a SIGINT leaves alone',
  async () => {
    const { ask } = await sessionAgent({ isolation: 'bwrap', readable: [FIXTURE, process.execPath] });
    const first = await ask('one');
    const stop = new AbortController();
    expect(await ask('wait', 's', { signal: stop.signal, heard: () => stop.abort(new Error('stopped')) })).toBe(
      'stopped',
    );
    expect(await ask('two')).toContain(`message 3 of ${pidIn(first)} `);
  },
);
