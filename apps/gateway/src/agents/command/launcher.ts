import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Duplex, Readable } from 'node:stream';

/** Every POSIX system has it. */
const SHELL = '/bin/sh';

/** What a shell puts into the environment on its own. */
const SHELL_VARIABLES = ['PWD', 'OLDPWD', 'SHLVL'];

export interface LaunchOptions {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly cwd: string | undefined;
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  /** A descriptor; the command gets a copy. */
  readonly stdin: number;
  readonly shell?: string;
}

/** A child whose output is read. */
export type Child = ChildProcess & { readonly stdout: Readable; readonly stderr: Readable };

/**
 * A command that does not run yet: a shell stands in its place, which becomes the command on a word from us, with the
 * same process id, and ends without one when this process ends. So what has to be on disk before the command does
 * anything can be written when its process id is known.
 */
export class Launch {
  readonly child: Child;
  readonly pid: number;
  readonly #control: Duplex;
  readonly #failure: Promise<string>;

  private constructor(child: ChildProcess) {
    this.child = child as Child;
    this.pid = child.pid as number;
    this.#control = child.stdio[3] as Duplex;
    this.#failure = readToEnd(this.#control);
  }

  /** Starts the shell, as the leader of a session of its own. @throws as spawn does. */
  static async prepare({ command, cwd, environment, stdin, shell = SHELL }: LaunchOptions): Promise<Launch> {
    const child = spawn(shell, ['-c', launchScript(environment), 'sh', ...command], {
      cwd,
      env: environment,
      stdio: [stdin, 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    await once(child, 'spawn');
    return new Launch(child);
  }

  /**
   * Lets the command run. @returns a code of spawn when it could not be started, `undefined` when it was, or when its
   * process was ended before.
   */
  async run(): Promise<'ENOENT' | 'EACCES' | undefined> {
    this.#control.end('\n');
    const status = await this.#failure;
    if (status === '') return undefined;
    return Number(status) === NOT_FOUND ? 'ENOENT' : 'EACCES';
  }

  /** Ends the shell if it still stands there. Call it in any case, when nothing more is wanted of this. */
  release(): void {
    this.#control.destroy();
  }
}

/** Exit status of a shell that has not found the program; of one that may not run it, 126. */
const NOT_FOUND = 127;

/**
 * The command does not inherit descriptor 3: the braces have the shell keep it elsewhere, closed by exec. If exec fails,
 * dash and busybox run the trap, and bash, which has to be asked, goes on behind the braces: either tells us why. Another
 * shell may say nothing; the command then seems to have run and ended with that status.
 */
function launchScript(environment: Readonly<NodeJS.ProcessEnv>): string {
  const added = SHELL_VARIABLES.filter((name) => environment[name] === undefined);
  return `read -r _ <&3 || exit
command -v shopt >/dev/null && shopt -s execfail
trap 'echo "$?" >&3' EXIT
unset ${added.join(' ')}
{ exec "$@"; } 3<&-
exit`;
}

/** What was read when the other end is closed, however that happens. */
function readToEnd(stream: Duplex): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (data: string) => {
    text += data;
  });
  stream.on('error', () => undefined);
  stream.on('close', () => resolve(text));
  return promise;
}
