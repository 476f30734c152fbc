import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const PROGRAM = fileURLToPath(new URL('programs/restless-writer.ts', import.meta.url));

/**
 * Makes a snapshot of the writer after all its imports, so that thousands of them can be started in little time.
 * @returns the file to start Node from.
 */
export async function snapshotWriter(directory: string): Promise<string> {
  const [bundle, snapshot] = [join(directory, 'writer.cjs'), join(directory, 'writer.blob')];
  await build({ input: PROGRAM, platform: 'node', logLevel: 'silent', output: { file: bundle, format: 'cjs' } });
  execFileSync(process.execPath, ['--snapshot-blob', snapshot, '--build-snapshot', bundle], { stdio: 'pipe' });
  return snapshot;
}

/** A writer that has loaded all it needs and waits for its first byte. */
export interface WaitingWriter {
  /** Lets it write, and resolves when it does. */
  go(): Promise<void>;
  /** Resolves when it is dead. @throws Error when it was not our signal that it died by, or when it complained. */
  kill(): Promise<void>;
}

/** Writers that are started ahead of the time when they are needed; all dead when disposed. */
export class WriterPool implements AsyncDisposable {
  readonly #snapshot: string;
  readonly #home: string;
  readonly #waiting: Promise<WaitingWriter>[] = [];
  readonly #alive = new Set<ChildProcess>();

  constructor(snapshot: string, home: string, size: number) {
    this.#snapshot = snapshot;
    this.#home = home;
    for (let n = 0; n < size; n += 1) this.#waiting.push(this.#start());
  }

  /** The next writer; another one is started in its place. */
  async take(): Promise<WaitingWriter> {
    this.#waiting.push(this.#start());
    const next = await this.#waiting.shift();
    if (!next) throw new Error('the pool has no writer');
    return next;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#alive) child.kill('SIGKILL');
    await Promise.allSettled(this.#waiting);
    await Promise.all([...this.#alive].map((child) => once(child, 'exit')));
  }

  async #start(): Promise<WaitingWriter> {
    const child = spawn(process.execPath, ['--snapshot-blob', this.#snapshot, this.#home], { stdio: 'pipe' });
    this.#alive.add(child);
    const complaints: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
    child.stdin.on('error', () => undefined);
    const exited = once(child, 'exit').finally(() => this.#alive.delete(child));
    const said = () => Promise.race([once(child.stdout, 'data'), exited]);
    await said();
    return {
      go: async () => {
        child.stdin.end('.');
        await said();
      },
      kill: async () => {
        child.kill('SIGKILL');
        const [code, signal] = await exited;
        if (signal !== 'SIGKILL' || complaints.length > 0)
          throw new Error(`a writer ended by itself (${signal ?? code}): ${complaints.join('')}`);
      },
    };
  }
}
