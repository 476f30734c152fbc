import { execFileSync } from 'node:child_process';
import { closeSync, constants, createReadStream, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A line of a log. */
export interface LogLine {
  readonly msg: string;
  readonly dropped?: number;
}

/** A named pipe for the stderr of a program, which is open and not read. */
export class StderrPipe implements Disposable {
  readonly #directory = mkdtempSync(join(tmpdir(), 'hermes-stderr-'));
  readonly #path = join(this.#directory, 'pipe');
  readonly #fd: number;

  constructor() {
    execFileSync('mkfifo', [this.#path]);
    this.#fd = openSync(this.#path, constants.O_RDONLY | constants.O_NONBLOCK);
  }

  /** A command that runs another one with this stderr and this log level. */
  within(level: string): string[] {
    const variables = [`HERMES_LOG_LEVEL=${level}`, `HERMES_DASHBOARD_LOG_LEVEL=${level}`];
    return ['env', ...variables, 'sh', '-c', `exec "$0" "$@" 2>"${this.#path}"`];
  }

  /** Reads from now on: the lines as they come, until nothing writes any more. */
  async *lines(): AsyncGenerator<LogLine> {
    for await (const line of createInterface({ input: createReadStream(this.#path) })) {
      if (line.startsWith('{')) yield JSON.parse(line) as LogLine;
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** The value of a metric without labels. @throws Error if there is none. */
export async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
  if (value === undefined) throw new Error(`${url}/metrics has no ${name}`);
  return Number(value);
}
