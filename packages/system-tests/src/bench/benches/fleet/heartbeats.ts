import { fileURLToPath } from 'node:url';
import { Program } from '@hermes/local-stack';

const SCRIPT = fileURLToPath(new URL('programs/heartbeats.ts', import.meta.url));

/** A process that writes the heartbeats of planted gateways. */
export class Heartbeats implements AsyncDisposable {
  readonly #program: Program;

  private constructor(program: Program) {
    this.#program = program;
  }

  static async start(home: string, count: number): Promise<Heartbeats> {
    return new Heartbeats(await Program.start({ name: 'heartbeats', script: SCRIPT, args: [home, String(count)] }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program.kill('SIGKILL');
  }
}
