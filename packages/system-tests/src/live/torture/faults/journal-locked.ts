import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FaultMaker, milliseconds } from './fault.ts';

const PROGRAM = fileURLToPath(new URL('../programs/hold-journal.ts', import.meta.url));

const JOURNAL = 'gateway.db';

/** Another process, a backup perhaps, holds the journal locked; longer than SQLite waits, now and then. */
export const journalLocked: FaultMaker = (rng) => {
  const lasting = rng.between(200, 4_500);
  return {
    detail: milliseconds(lasting),
    happen: async ({ home, storm }) => {
      const args = [PROGRAM, join(home, JOURNAL), String(lasting)];
      const holder = spawn(process.execPath, args, { stdio: 'ignore' });
      const letGo = () => void holder.kill('SIGKILL');
      storm.addEventListener('abort', letGo, { once: true });
      await once(holder, 'exit');
      storm.removeEventListener('abort', letGo);
    },
  };
};
