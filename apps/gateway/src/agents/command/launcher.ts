import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Duplex, Readable } from 'node:stream';

/** Exists on every POSIX system. */
const SHELL = '/bin/sh';

/** Variables that a shell adds to the environment. */
const SHELL_VARIABLES = ['PWD', 'OLDPWD', 'SHLVL'];

export interface LaunchOptions {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly cwd: string | undefined;
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  /** A descriptor, of which the command gets a copy, or a pipe. */
  readonly stdin: number | 'pipe';
  readonly shell?: string;
}

/** A child whose output is read. */
export type Child = ChildProcess & { readonly stdout: Readable; readonly stderr: Readable };

/**
 * A command that does not run yet. A shell waits in its place. On a message from this process, the shell executes the
 * command under the same process id; it exits without executing it when this process ends. So the process id can be
 * stored before the command does anything.
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

  /** Starts the shell as the leader of a new session. @throws as spawn does. */
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
   * Lets the command run. @returns an error code of spawn if it could not be started; `undefined` if it was started, or
   * if its process had ended before.
   */
  async run(): Promise<'ENOENT' | 'EACCES' | undefined> {
    this.#control.end('\n');
    const status = await this.#failure;
    if (status === '') return undefined;
    return Number(status) === NOT_FOUND ? 'ENOENT' : 'EACCES';
  }

  /** Ends the shell if it still waits. Call it in any case when the launcher is no longer needed. */
  release(): void {
    this.#control.destroy();
  }
}

/** Exit status of a shell that does not find the program. Without the permission to execute it, the status is 126. */
const NOT_FOUND = 127;

/**
 * The command does not inherit descriptor 3: the braces make the shell keep a copy, which exec closes. If exec fails,
 * dash and busybox run the trap, and bash continues behind the braces because of `execfail`: both write the exit
 * status. A shell that writes nothing makes the command look as if it had run and ended with that status.
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

/** All that was read until the other end closes, for any reason. */
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
