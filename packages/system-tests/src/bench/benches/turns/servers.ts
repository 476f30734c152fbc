import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Program } from '@hermes/local-stack';
import { Testbed } from '../../../live/testbed.ts';
import type { Target } from '../../load/drive.ts';

/** Something that answers messages, in a process of its own. */
export interface Server extends Target {
  readonly name: string;
}

/** A gateway, one that stores nothing, and a bare Fastify route; gone when disposed. */
export class Servers implements AsyncDisposable {
  readonly gateway: Server;
  readonly withoutJournal: Server;
  readonly fastify: Server;
  readonly #testbed: Testbed;
  readonly #programs: readonly Program[];

  private constructor(testbed: Testbed, withoutJournal: Program, fastify: Program) {
    this.#testbed = testbed;
    this.#programs = [withoutJournal, fastify];
    this.gateway = { name: 'gateway', url: testbed.gateway.url, pid: testbed.gateway.program.pid };
    this.withoutJournal = describe(withoutJournal);
    this.fastify = describe(fastify);
  }

  static async start(): Promise<Servers> {
    const testbed = await Testbed.start({ dashboard: false });
    const home = join(testbed.home, 'without-journal');
    await mkdir(home);
    const withoutJournal = await start('gateway without journal', 'gateway-without-journal.ts', home);
    return new Servers(testbed, withoutJournal, await start('Fastify', 'bare-fastify.ts'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.kill('SIGKILL')));
    await this.#testbed[Symbol.asyncDispose]();
  }
}

function start(name: string, script: string, ...args: string[]): Promise<Program> {
  return Program.start({ name, script: fileURLToPath(new URL(script, import.meta.url)), args });
}

function describe(program: Program): Server {
  return { name: program.name, url: program.stdout.trim(), pid: program.pid };
}
