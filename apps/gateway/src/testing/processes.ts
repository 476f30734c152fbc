import { readdirSync, readFileSync } from 'node:fs';

/** The processes that were started for a session and run now, wherever they went. Zombies have no environment. */
export function processesOf(session: string): number[] {
  const numbers = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return numbers.filter((pid) => environmentOf(pid).includes(`HERMES_SESSION=${session}`)).map(Number);
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
