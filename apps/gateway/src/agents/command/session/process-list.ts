import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSmallFile } from '@hermes/drain-contract';
import type { Logger } from '@hermes/service-kit';
import { z } from 'zod';
import type { AgentProcess, CutOffTurn } from '../../../journal/turn-store.ts';

const FILENAME = '.agent-processes.json';

const listSchema = z.array(
  z.object({
    turn: z.string(),
    process: z.object({ group: z.number().int().positive(), startTime: z.string(), epoch: z.string() }),
  }),
);

/**
 * The running processes of sessions, in a file of the home: an idle one belongs to no turn, and the next gateway must find
 * it. The gateway is the only writer.
 */
export class ProcessList {
  readonly #home: string;
  readonly #processes = new Map<AgentProcess, string>();

  constructor(home: string) {
    this.#home = home;
  }

  /** @param turn whose mark its environment has. @throws when it cannot be stored. */
  add(turn: string, process: AgentProcess): void {
    this.#processes.set(process, turn);
    try {
      this.#write();
    } catch (error) {
      this.#processes.delete(process);
      throw error;
    }
  }

  /** Never throws: an entry of a process that has ended is harmless. */
  remove(process: AgentProcess): void {
    this.#processes.delete(process);
    try {
      this.#write();
    } catch {
      // The next write removes it.
    }
  }

  #write(): void {
    const path = join(this.#home, FILENAME);
    const staged = `${path}.new`;
    const processes = [...this.#processes].map(([process, turn]) => ({ turn, process }));
    rmSync(staged, { force: true });
    const file = openSync(staged, 'wx', 0o600);
    try {
      writeFileSync(file, JSON.stringify(processes), { flush: true });
    } finally {
      closeSync(file);
    }
    renameSync(staged, path);
  }
}

/** What the previous gateway of the home left behind. Never throws: without the list, idle processes are not found. */
export function leftProcesses(home: string, log: Logger): CutOffTurn[] {
  const path = join(home, FILENAME);
  const found = readSmallFile(path);
  if (found.kind === 'absent') return [];
  try {
    if (found.kind !== 'bytes') throw new Error(found.code);
    return listSchema.parse(JSON.parse(Buffer.from(found.bytes).toString('utf8')));
  } catch (error) {
    log.warn({ err: error }, `${path} cannot be read: idle processes of the agent may still run`);
    return [];
  }
}
