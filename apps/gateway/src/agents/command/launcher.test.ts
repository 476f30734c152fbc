import { closeSync, existsSync, openSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Launch } from './launcher.ts';

const SHELLS = ['/bin/sh', '/bin/dash', '/bin/bash'].filter(existsSync);

/** What bash puts into the environment of a program when it becomes it. */
const OF_BASH = ['_', 'SHLVL'];

async function prepare(shell: string, command: string[], environment: NodeJS.ProcessEnv = {}): Promise<Launch> {
  const stdin = openSync('/dev/null', 'r');
  const all = { PATH: process.env.PATH, ...environment };
  const launch = await Launch.prepare({ command, cwd: undefined, environment: all, stdin, shell });
  closeSync(stdin);
  onTestFinished(() => launch.release());
  return launch;
}

/** What it has said on stdout, and how it ended. */
async function outcome({ child }: Launch): Promise<{ said: string; code: number | null }> {
  const code = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let said = '';
  for await (const text of child.stdout.setEncoding('utf8')) said += text;
  return { said, code: await code };
}

describe.each(SHELLS)('a command that waits in %s', (shell) => {
  it('runs on request, with the same process id', async () => {
    const launch = await prepare(shell, ['sh', '-c', 'echo "$$"; exit 3']);
    const ended = outcome(launch);
    expect(await launch.run()).toBeUndefined();
    expect(await ended).toEqual({ said: `${launch.pid}\n`, code: 3 });
  });

  it('does not run when it is let go of', async () => {
    const launch = await prepare(shell, ['echo', 'run']);
    const ended = outcome(launch);
    launch.release();
    expect((await ended).said).toBe('');
  });

  it('gets its arguments and variables as they are, and no descriptor of ours', async () => {
    const odd = [' ', '$HOME', "'", '*', '-n', ''];
    const show =
      'for (const each of [process.argv.slice(1), Object.keys(process.env).sort()]) console.log(JSON.stringify(each));';
    const descriptors =
      'console.log(require("fs").readdirSync("/proc/self/fd").includes("3") && require("fs").readlinkSync("/proc/self/fd/3").startsWith("socket"))';
    const launch = await prepare(shell, [process.execPath, '-e', `${show}${descriptors}`, '--', ...odd], {
      ODD: 'a\nb',
    });
    const ended = outcome(launch);
    await launch.run();
    const [args, names, holdsOurs] = (await ended).said
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(args).toEqual(odd);
    expect(names.filter((name: string) => !OF_BASH.includes(name))).toEqual(['ODD', 'PATH']);
    expect(holdsOurs).toBe(false);
  });

  it.each([
    [['/no/such/program'], 'ENOENT'],
    [['no-such-program'], 'ENOENT'],
    [['/etc/passwd'], 'EACCES'],
  ])('reports that %j could not be started', async (command, code) => {
    const launch = await prepare(shell, command);
    expect(await launch.run()).toBe(code);
  });
});
