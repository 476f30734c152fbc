import { closeSync, openSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Run } from './history.ts';
import { isAlive, killIfOurs } from './processes.ts';

const AGENT = fileURLToPath(new URL('./programs/agent.sh', import.meta.url));

const LOOK_EVERY_MS = 10;

/** A line of the agents' file: `S pid seconds message`, or `E` at the end of the work. The message may be anything: what an agent was given. */
const LINE = /^([SE]) (\d+) (\d+\.\d+) (.*)$/;

/** Follows what agents write of themselves, and looks which of their processes are alive. */
export class Observer implements Disposable {
  readonly runs: Run[] = [];
  readonly #file: string;
  readonly #descriptor: number;
  readonly #timer: NodeJS.Timeout;
  /** Those whose process was alive at the last look. */
  #alive = new Set<Run>();
  #position = 0;
  #rest = '';

  /** @param file that the agents append to; it is made. */
  constructor(file: string) {
    this.#file = file;
    this.#descriptor = openSync(file, 'a+');
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  /** The command of the agents, for config.yaml. */
  get command(): readonly string[] {
    return [AGENT, this.#file];
  }

  look(): void {
    for (const line of this.#newLines()) this.#take(line);
    const now = Date.now();
    for (const run of this.#alive) {
      if (isAlive(run.pid)) run.aliveAt = now;
      else this.#alive.delete(run);
    }
  }

  /** Kills the agents that are left, and stops looking. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.look();
    for (const { pid } of this.#alive) killIfOurs(pid, this.#file);
    this.#alive = new Set();
    closeSync(this.#descriptor);
  }

  *#newLines(): Iterable<string> {
    const buffer = Buffer.alloc(65_536);
    for (let read = -1; read !== 0; this.#position += read) {
      read = readSync(this.#descriptor, buffer, 0, buffer.length, this.#position);
      const lines = (this.#rest + buffer.toString('latin1', 0, read)).split('\n');
      this.#rest = lines.pop() ?? '';
      yield* lines;
    }
  }

  #take(line: string): void {
    const [, kind, pidText, seconds, message] = LINE.exec(line) ?? [];
    if (message === undefined) throw new Error(`a line of an agent: expected ${LINE}, found ${line}`);
    const [pid, at] = [Number(pidText), Number(seconds) * 1_000];
    if (kind === 'S') {
      const run = { message, pid, startedAt: at, endedAt: undefined, aliveAt: at };
      this.runs.push(run);
      this.#alive.add(run);
      return;
    }
    const run = this.runs.findLast((earlier) => earlier.pid === pid && earlier.message === message);
    if (run === undefined) throw new Error(`a line of an agent: the end of a run that never started: ${line}`);
    run.endedAt = at;
  }
}
