import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from '@hermes/test-kit';
import { expect, it, onTestFinished } from 'vitest';
import { openJournal, unfinishedTurns } from '../../testing/journals.ts';

const PROGRAM = fileURLToPath(new URL('../../testing/programs/accept-turns.ts', import.meta.url));
const DEATHS = Number(process.env.HERMES_DEATHS || 12);

/** The ids that a program was promised before it was killed, some time after the first `count` of them. */
async function promisedUntilKilled(path: string, prefix: string, count: number): Promise<string[]> {
  const child = spawn(process.execPath, [PROGRAM, path, prefix], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const closed = once(child, 'close');
  const promised: string[] = [];
  for await (const id of createInterface({ input: child.stdout })) {
    promised.push(id);
    if (promised.length === count) child.kill('SIGKILL');
  }
  expect(await closed).toEqual([null, 'SIGKILL']);
  return promised;
}

it('no turn that was promised is lost, whenever the process is killed', { timeout: 240_000 }, async () => {
  const path = join(temporaryDirectory(), 'gateway.db');
  const promised: string[] = [];
  for (let death = 1; death <= DEATHS; death++) {
    promised.push(...(await promisedUntilKilled(path, `run-${death}`, death * 2)));
    const journal = openJournal(path);
    const kept = new Set((await unfinishedTurns(journal)).map(({ id }) => id));
    await journal.close();
    expect(promised.filter((id) => !kept.has(id))).toEqual([]);
  }
  expect(promised.length).toBeGreaterThanOrEqual(DEATHS * (DEATHS + 1));
});
