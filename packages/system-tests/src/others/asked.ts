import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { eventually } from '@hermes/test-kit/eventually';

/** How an answer ended, as its client sees it. */
export interface AnswerEnd {
  readonly end: 'whole' | 'failed';
  readonly error?: string;
}

/** A client of {@link ProjectOfOthers} that has asked something, in a process of its own. Killed when disposed. */
export class Asked implements AsyncDisposable {
  readonly pieces: string[] = [];
  #end: AnswerEnd | undefined;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;

  /** @param program a file of the project that uses `clients/printed.js`, and the words are its arguments. */
  constructor(program: string, words: readonly string[]) {
    const env = { ...process.env, MASTRA_TELEMETRY_DISABLED: '1' };
    const child = spawn(process.execPath, [program, ...words], { env, stdio: ['ignore', 'pipe', 'ignore'] });
    this.#child = child;
    this.#exited = new Promise((resolve) => child.once('close', () => resolve()));
    createInterface(child.stdout).on('line', (line) => {
      if (!line.startsWith('{"piece"') && !line.startsWith('{"end"')) return;
      const said = JSON.parse(line);
      if ('piece' in said) this.pieces.push(said.piece);
      else this.#end = said;
    });
  }

  get text(): string {
    return this.pieces.join('');
  }

  /** @throws Error if the program ended without a word about it. */
  async ended(): Promise<AnswerEnd> {
    await this.#exited;
    if (this.#end === undefined) throw new Error('expected the client to say how its answer ended');
    return this.#end;
  }

  async hasText(text: string): Promise<void> {
    await eventually(() => {
      if (this.text !== text) throw new Error(`expected the client to have read ${text}, found ${this.text}`);
    });
  }

  /** The client is gone, at once. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
