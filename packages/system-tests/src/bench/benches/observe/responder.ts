import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Program } from '@hermes/local-stack';

/** On events of the directory, with an fsync before the rename or without, or by looking once a second. */
export type HowToRespond = 'watch' | 'watch, synced' | 'poll';

const SCRIPT = fileURLToPath(new URL('programs/respond.ts', import.meta.url));

/** A bare Node process that does with the marker of its home what a gateway does: it says so in the state file. */
export class Responder implements AsyncDisposable {
  readonly home: string;
  readonly #program: Program;

  private constructor(home: string, program: Program) {
    this.home = home;
    this.#program = program;
  }

  static async start(how: HowToRespond): Promise<Responder> {
    const home = await mkdtemp(join(tmpdir(), 'hermes-bench-'));
    return new Responder(home, await Program.start({ name: 'responder', script: SCRIPT, args: [home, how] }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program.kill('SIGKILL');
    await rm(this.home, { recursive: true, force: true });
  }
}
