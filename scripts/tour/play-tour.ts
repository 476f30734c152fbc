import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { isAsWritten, type TourStep } from './read-tour.ts';

const STEP_TIMEOUT_MS = 60_000;
const START = 'npm start';

/**
 * Plays the steps in one bash, as a reader with two terminals does: the step that starts the programs continues in
 * the background. @returns whether everything came out as written.
 */
export async function playTour(steps: readonly TourStep[]): Promise<boolean> {
  const ports = { 8642: await portLike(8642), 9119: await portLike(9119) };
  const env = { ...process.env, API_SERVER_PORT: `${ports[8642]}`, HERMES_DASHBOARD_PORT: `${ports[9119]}` };
  const onPorts = (text: string) => text.replaceAll(':8642', `:${ports[8642]}`).replaceAll(':9119', `:${ports[9119]}`);
  const shell = new Shell(env);
  let server: Shell | undefined;
  try {
    for (const { commands, expected } of steps) {
      const isStart = commands.trim() === START;
      if (isStart) server = new Shell(env);
      const wanted = expected === undefined ? undefined : onPorts(expected);
      const printed =
        server && isStart ? await server.until(commands, wanted ?? '') : await shell.run(onPorts(commands));
      const ok = wanted === undefined || isAsWritten(printed, wanted);
      console.log(`${ok ? 'ok' : 'NOT AS WRITTEN'}: ${commands.trim().split('\n')[0]}`);
      if (!ok) console.log(`--- the page says\n${wanted}--- what came out\n${printed}`);
      if (!ok) return false;
    }
    return true;
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
    return false;
  } finally {
    shell.end();
    await server?.interrupt();
  }
}

/** The port itself if it is free, else another one: a gateway that already runs must not make the tour fail. */
async function portLike(port: number): Promise<number> {
  const listening = async (wanted: number): Promise<number> => {
    const server = createServer().listen(wanted, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    server.close();
    return typeof address === 'object' && address ? address.port : wanted;
  };
  return listening(port).catch(() => listening(0));
}

/** A bash that runs one command after another. */
class Shell {
  readonly #bash: ChildProcess;
  #printed = '';

  constructor(env: NodeJS.ProcessEnv) {
    const options = { env: { ...env, HERMES_HOME: undefined }, detached: true } as const;
    this.#bash = spawn('bash', [], { ...options, stdio: ['pipe', 'pipe', 2] });
    this.#bash.stdout?.setEncoding('utf8').on('data', (text) => {
      this.#printed += text;
    });
  }

  /** Runs `commands` to their end. @returns what they printed. */
  async run(commands: string): Promise<string> {
    const mark = `--- ${Math.random()} ---`;
    const printed = await this.until(`${commands}\necho '${mark}'\n`, `…${mark}`);
    return printed.replace(mark, '');
  }

  /** Starts `commands` and waits until they have printed what is `expected`. @returns what they printed. */
  async until(commands: string, expected: string): Promise<string> {
    this.#printed = '';
    this.#bash.stdin?.write(commands);
    const signal = AbortSignal.timeout(STEP_TIMEOUT_MS);
    const ended = once(this.#bash, 'exit', { signal }).then(() => 'ended');
    while (!isAsWritten(this.#printed, expected)) {
      const more = once(this.#bash.stdout as NonNullable<ChildProcess['stdout']>, 'data', { signal });
      const event = await Promise.race([more, ended]).catch(() => 'late');
      if (event === 'ended' || event === 'late') throw new Error(`${event}: ${commands.trim()}\n${this.#printed}`);
    }
    return this.#printed;
  }

  /** Ctrl-C, and waits for the end. */
  async interrupt(): Promise<void> {
    const ended = once(this.#bash, 'exit');
    this.#bash.stdin?.end();
    this.#signal('SIGINT');
    const patience = setTimeout(() => this.#signal('SIGKILL'), STEP_TIMEOUT_MS);
    await ended;
    clearTimeout(patience);
  }

  end(): void {
    this.#signal('SIGTERM');
  }

  #signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-(this.#bash.pid ?? 0), signal);
    } catch {
      // It has ended by itself.
    }
  }
}
