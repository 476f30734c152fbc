import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { eventually } from '@hermes/test-kit/eventually';
import type { TestSchema } from '@hermes/test-kit/postgres';
import { expect, onTestFinished } from 'vitest';
import type { JournalTimes } from '../journal/postgres/options.ts';
import { QUICK } from './postgres-journals.ts';

const PROGRAM = fileURLToPath(new URL('programs/hold-postgres-journal.ts', import.meta.url));

/** Another process with a journal on PostgreSQL. */
export interface JournalHolder {
  readonly child: ChildProcess;
  /** The lines that it has printed. */
  readonly lines: readonly string[];
  prints(line: string): Promise<void>;
}

/** Starts a process that runs these turns, each in a session of its own. Killed when the test has finished. */
export async function journalHolder(
  place: TestSchema,
  turns: readonly string[],
  times: Partial<JournalTimes> = {},
  name = 'holder',
): Promise<JournalHolder> {
  const options = JSON.stringify({ ...place, name, times: { ...QUICK, ...times } });
  const child = spawn(process.execPath, [PROGRAM, options, ...turns], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(line));
  const prints = async (line: string): Promise<void> => {
    await eventually(() => expect(lines).toContain(line));
  };
  await prints('running');
  return { child, lines, prints };
}
