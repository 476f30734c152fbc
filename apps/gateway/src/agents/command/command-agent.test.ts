import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lacking, runs, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { agentContext } from '../../testing/agent-contexts.ts';
import { processesOf } from '../../testing/processes.ts';
import { recordingLog } from '../../testing/recording-log.ts';
import { replyOf } from '../../testing/replies.ts';
import { AgentError } from '../agent-error.ts';
import { agentSchema, type CommandAgentConfig } from '../config.ts';
import { CommandAgent } from './command-agent.ts';

type Settings = Partial<CommandAgentConfig>;

function fixture(name: string, ...args: string[]): string[] {
  const path = fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
  return [name.endsWith('.sh') ? 'sh' : process.execPath, path, ...args];
}

function descriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

function sh(script: string): string[] {
  return ['sh', '-c', script];
}

function agentFor(command: string[], settings: Settings = {}, environment: NodeJS.ProcessEnv = process.env) {
  const { log, lines } = recordingLog();
  const config = agentSchema.parse({ kind: 'command', command, ...settings }) as CommandAgentConfig;
  return { agent: new CommandAgent(config, agentContext({ log, environment })), lines };
}

/** One turn of a command, and which of its processes are there when it has ended. */
async function turn(
  command: string[],
  options: {
    settings?: Settings;
    text?: string;
    session?: string;
    stopAt?: string;
    environment?: NodeJS.ProcessEnv;
  } = {},
) {
  const { agent, lines } = agentFor(command, options.settings, options.environment);
  const session = options.session ?? randomUUID();
  const stop = new AbortController();
  const startedAt = performance.now();
  const { said, error } = await replyOf(
    agent,
    { turn: 'turn-1', session, text: options.text ?? '' },
    {
      signal: stop.signal,
      heard: (said) => {
        if (options.stopAt !== undefined && said.includes(options.stopAt)) stop.abort(new Error('stop requested'));
      },
    },
  );
  const took = performance.now() - startedAt;
  return { said, error, took, lines, session, left: processesOf(session) };
}

const NOT_FOUND = 'The command could not be started: the program or its working directory does not exist.';
const NOT_ALLOWED = 'The command could not be started: the gateway has no permission to run it.';
/** Far more than a turn takes that waits for nothing, and far less than the grace in the tests that use it. */
const SOON_MS = 40_000;

describe('a command', () => {
  it.each<[what: string, command: string[], text: string, said: string]>([
    ['hears the text and answers on stdout', fixture('answer.mjs'), 'hello, grüße 😀', 'HELLO, GRÜSSE 😀'],
    ['may get no input', ['cat'], '', ''],
    ['need not read its input', ['true'], 'x'.repeat(1_000_000), ''],
    ['may close its stdin', sh('exec <&-; echo ok'), 'x'.repeat(1_000_000), 'ok\n'],
    ['may break its words anywhere', ['cat'], '€'.repeat(200_000), '€'.repeat(200_000)],
    ['is forgiven bytes that are no text', sh("printf 'a\\377b\\342\\202'"), '', 'a\ufffdb\ufffd'],
    ['keeps a byte order mark', ['cat'], '\ufeffa', '\ufeffa'],
    ['is not looked at by a shell', ['echo', '$HOME; `ls` *'], '', '$HOME; `ls` *\n'],
    ['may say exactly as much as it may', sh('head -c 10 /dev/zero | tr "\\0" x'), '', 'x'.repeat(10)],
  ])('%s', async (_what, command, text, said) => {
    const settings = said.length === 10 ? { max_output: 10 } : {};
    expect(await turn(command, { text, settings })).toMatchObject({ said, error: undefined, left: [] });
  });

  it.each<[what: string, command: string[], settings: Settings, said: string, sentence: string]>([
    ['ends badly', sh('echo half; exit 3'), {}, 'half\n', 'The command ended with exit code 3.'],
    ['dies', sh('kill -SEGV $$'), {}, '', 'The command was ended by SIGSEGV.'],
    ['is not there', ['/nowhere/program'], {}, '', NOT_FOUND],
    ['is not on the path', ['hermes-nowhere'], {}, '', NOT_FOUND],
    ['has no working directory', ['true'], { cwd: '/nowhere' }, '', NOT_FOUND],
    ['is a directory', ['/'], {}, '', NOT_ALLOWED],
    ['is a file that may not be run', [fixture('stay.mjs')[1] as string], {}, '', NOT_ALLOWED],
    [
      'has too long an argument',
      ['true', 'x'.repeat(1_000_000)],
      {},
      '',
      'The command could not be started: its arguments are too long.',
    ],
    [
      'takes too long',
      sh('trap "" TERM; echo here; while :; do sleep 60; done'),
      { timeout: 5, kill_after: 0.1 },
      'here\n',
      'The command took longer than 5 s and was stopped.',
    ],
    [
      'says too much',
      sh('printf 0123456789ab'),
      { max_output: 10 },
      '0123456789',
      'The command printed more than 10 bytes and was stopped.',
    ],
    [
      'never ends saying',
      ['yes'],
      { max_output: 100_000 },
      'y\n'.repeat(50_000),
      'The command printed more than 100000 bytes and was stopped.',
    ],
    [
      'says too much in the middle of a character',
      sh('printf €€'),
      { max_output: 4 },
      '€',
      'The command printed more than 4 bytes and was stopped.',
    ],
  ])('fails, in a sentence for people, if it %s', async (_what, command, settings, said, sentence) => {
    const { error, ...rest } = await turn(command, { settings });
    expect(rest).toMatchObject({ said, left: [] });
    expect(error).toBeInstanceOf(AgentError);
    expect(error?.message).toBe(sentence);
  });

  it('cannot be started for a session that no variable can hold', async () => {
    const { error } = await turn(['true'], { session: 'a\0b' });
    expect(error?.message).toBe('The command could not be started: see the log of the gateway for the reason.');
  });

  it('gets those variables that are allowed, its session, its turn, and nothing else', async () => {
    const environment = {
      PATH: process.env.PATH,
      LANG: 'C',
      API_SERVER_KEY: 's3cret',
      MINE: 'yes',
      HERMES_SESSION: 'old',
    };
    const session = randomUUID();
    const variables = async (settings: Settings) => {
      const { said } = await turn(['env'], { environment, session, settings });
      return said.trim().split('\n').sort();
    };
    const own = [`HERMES_SESSION=${session}`, 'HERMES_TURN_ID=turn-1'];
    expect(await variables({})).toEqual([...own, 'LANG=C', `PATH=${process.env.PATH}`]);
    expect(await variables({ environment: ['MINE', 'PATH', 'UNSET'] })).toEqual([
      ...own,
      'MINE=yes',
      `PATH=${process.env.PATH}`,
    ]);
  });

  it('gets the mark of its slot, by which it is found when it outlives the gateway', async () => {
    const environment = { PATH: process.env.PATH, HERMES_SLOT: '7:support' };
    const { said } = await turn(['env'], { environment, settings: { environment: [] } });
    expect(said.split('\n')).toContain('HERMES_SLOT=7:support');
  });

  it('runs in the configured directory', async () => {
    const cwd = temporaryDirectory();
    expect((await turn(['pwd', '-P'], { settings: { cwd } })).said).toBe(`${cwd}\n`);
  });

  it('has its remarks in the log, by line and by session, and the last ones again when it fails, and not in the reply', async () => {
    const { said, error, lines, session } = await turn(sh('echo one >&2; echo two >&2; printf three >&2; exit 1'));
    expect([said, error?.message]).toEqual(['', 'The command ended with exit code 1.']);
    const remark = { level: 'info', session, msg: 'stderr of the command' };
    expect(lines).toEqual([
      { ...remark, stderr: 'one' },
      { ...remark, stderr: 'two' },
      { ...remark, stderr: 'three' },
      {
        level: 'warn',
        session,
        msg: 'the command failed',
        code: 1,
        signal: null,
        stopped: undefined,
        stderr: ['one', 'two', 'three'],
      },
    ]);
  });

  it('that cannot be started is logged without its arguments, which may contain secrets', async () => {
    const { lines } = await turn(['/nowhere/program', '--token=s3cret']);
    expect(lines).toMatchObject([{ level: 'error', program: '/nowhere/program', code: 'ENOENT' }]);
    expect(JSON.stringify(lines)).not.toContain('s3cret');
  });
});

describe('a command whose signal aborts', () => {
  it.each<[what: string, command: string[], said: string]>([
    ['may end well and say something', fixture('stay.mjs'), 'here\nbye\n'],
    ['is killed after the grace if it does not listen', fixture('stay.mjs', 'stubborn'), 'here\n'],
    ['takes its own processes with it', fixture('leave-behind.mjs', 'polite', 'stay'), 'here\nbye\n'],
    ['takes stubborn ones with it', fixture('leave-behind.mjs', 'stubborn', 'stay'), 'here\n'],
    ['is killed even if it is suspended', sh('echo here; kill -STOP $$'), 'here\n'],
  ])('%s', async (_what, command, said) => {
    const { error, ...rest } = await turn(command, { stopAt: 'here', settings: { kill_after: 0.3 } });
    expect(rest).toMatchObject({ said, left: [] });
    expect(error?.message).toBe('stop requested');
  });

  it('before it was started is not started', async () => {
    const { agent } = agentFor(sh('echo here'));
    const request = { session: randomUUID(), text: '' };
    const { said, error } = await replyOf(agent, request, { signal: AbortSignal.abort(new Error('too late')) });
    expect([said, error?.message]).toEqual(['', 'too late']);
  });

  it('while it is being started is stopped', async () => {
    const { agent } = agentFor(fixture('stay.mjs'));
    const session = randomUUID();
    const stop = new AbortController();
    const reply = replyOf(agent, { session, text: '' }, { signal: stop.signal });
    stop.abort(new Error('so soon'));
    expect((await reply).error?.message).toBe('so soon');
    expect(processesOf(session)).toEqual([]);
  });

  it.each(['polite', 'stubborn'])(
    'whose consumer stops reading has ended when the consumer continues: %s',
    async (who) => {
      const { agent } = agentFor(fixture('leave-behind.mjs', who, 'stay'), { kill_after: 0.3 });
      const session = randomUUID();
      for await (const _piece of agent.reply({ turn: 't', session, text: '' }, new AbortController().signal)) {
        expect(processesOf(session)).toHaveLength(2);
        break;
      }
      expect(processesOf(session)).toEqual([]);
    },
  );
});

describe('what a command leaves behind', () => {
  it('is asked to end, and the turn does not wait for the grace', async () => {
    const { took, ...rest } = await turn(fixture('leave-behind.mjs', 'polite'), { settings: { kill_after: 600 } });
    expect(rest).toMatchObject({ said: 'here\nbye\n', error: undefined, left: [] });
    expect(rest.lines).toMatchObject([{ level: 'warn', leftovers: 'swept' }]);
    expect(took).toBeLessThan(SOON_MS);
  });

  it('is killed after the grace', async () => {
    const settings = { kill_after: 0.3 };
    expect(await turn(fixture('leave-behind.mjs', 'stubborn'), { settings })).toMatchObject({
      said: 'here\n',
      error: undefined,
      left: [],
    });
  });

  it('does not hold the turn by holding its stdout, even where no signal of ours goes', async () => {
    await turn(['true']);
    const before = descriptors();
    const { left, took, ...rest } = await turn(fixture('leave-behind.mjs', 'escaped'), {
      settings: { kill_after: 0.3 },
    });
    const after = descriptors();
    for (const pid of left) process.kill(pid, 'SIGKILL');
    expect(rest).toMatchObject({ said: 'here\n', error: undefined });
    expect(after).toBeLessThanOrEqual(before);
    expect([left.length, took < SOON_MS]).toEqual([1, true]);
    await vi.waitUntil(() => processesOf(rest.session).length === 0, { timeout: 120_000, interval: 5 });
  });

  it.skipIf(lacking('setsid', runs('setsid', 'true')))('does not hold the turn as a zombie', async () => {
    const { left, took, ...rest } = await turn(fixture('leave-zombie.sh'), { settings: { kill_after: 600 } });
    for (const pid of left) process.kill(pid, 'SIGKILL');
    expect(rest).toMatchObject({ said: 'moved\n', error: undefined });
    expect([left.length, took < SOON_MS]).toEqual([1, true]);
  });
});

describe('many turns', () => {
  it('at once do not disturb each other', async () => {
    const turns = Array.from({ length: 20 }, (_, index) => turn(['cat'], { text: `turn ${index}` }));
    const results = await Promise.all(turns);
    expect(results.map(({ said }) => said)).toEqual(turns.map((_, index) => `turn ${index}`));
    expect(results.flatMap(({ left }) => left)).toEqual([]);
  });

  it('leave no descriptor and no listener open, however they end', async () => {
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const { agent } = agentFor(sh('read -r how; case "$how" in bad) exit 1;; long) echo here; sleep 60;; esac'));
    const { agent: missing } = agentFor(['/nowhere/program']);
    const remove = vi.spyOn(stop.signal, 'removeEventListener');
    const add = vi.spyOn(stop.signal, 'addEventListener');
    const round = async () => {
      for (const text of ['good\n', 'bad\n']) await replyOf(agent, { session: 's', text }, { signal: stop.signal });
      await replyOf(missing, { session: 's', text: '' }, { signal: stop.signal });
      for await (const _piece of agent.reply({ turn: 't', session: 's', text: 'long\n' }, stop.signal)) break;
    };
    await round();
    const before = descriptors();
    for (let count = 0; count < 10; count++) await round();
    expect(descriptors()).toBeLessThanOrEqual(before);
    expect(remove.mock.calls.length).toBe(add.mock.calls.length);
  });
});

describe('whether a turn may be run again', () => {
  it.each([
    [undefined, false],
    [true, true],
    [false, false],
  ])('with replay %s is %s', (replay, replayable) => {
    expect(agentFor(['true'], replay === undefined ? {} : { replay }).agent.replayable).toBe(replayable);
  });
});
