import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { resolveHome, shellLine } from '@hermes/drain-contract';
import type { Check } from '@hermes/s6-reconciler';
import { StartupError } from '@hermes/service-kit';
import type { Report } from './doctor.ts';
import { CHECK_NAMES, type CheckName } from './names.ts';

/** How long a check may take, in ms; a large journal is read as a whole. */
const BOUND_MS = 20_000;
const BOUNDS_MS: Partial<Record<CheckName, number>> = { journal: 120_000 };

/** The command line of a process that writes each report as a line of JSON, and the bounds of its checks. */
export interface Examiner {
  readonly command: readonly string[];
  /** Replaces the bounds, in ms. */
  readonly bound?: number;
}

/**
 * Runs an examination in another process: one that waits for a disk or a server that hangs cannot be interrupted, only
 * left behind. What hangs is a fault, and what was not reached is unknown. @throws StartupError when there is no profile.
 */
export async function watchExamination(profile: string, { command, bound }: Examiner): Promise<Check[]> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (data) => {
    complaint += String(data);
  });
  const found: Check[] = [];
  const open = new Set<CheckName>(CHECK_NAMES);
  let current: CheckName | undefined;
  const hung = Promise.withResolvers<'hung'>();
  const setTimer = () => setTimeout(() => hung.resolve('hung'), bound ?? BOUNDS_MS[current ?? 'home'] ?? BOUND_MS);
  let timer = setTimer();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const report = JSON.parse(line) as Report;
    if ('begin' in report) current = report.begin;
    else {
      found.push(...report.checks);
      if (current !== undefined) open.delete(current);
    }
    clearTimeout(timer);
    timer = setTimer();
  });
  const ended = await Promise.race([once(child, 'close'), hung.promise]);
  clearTimeout(timer);
  if (ended !== 'hung') {
    if (ended[0] === 0) return found;
    throw childError(complaint, ended);
  }
  // In an uninterruptible wait, it dies only when the wait ends; this process does not wait for it.
  child.kill('SIGKILL');
  child.unref();
  for (const pipe of [child.stdout, child.stderr]) pipe.destroy();
  const step = current ?? 'home';
  return [...found, ...CHECK_NAMES.filter((name) => open.has(name)).map((name) => unfinished(profile, name, step))];
}

function unfinished(profile: string, check: CheckName, hanging: CheckName): Check {
  const about = { profile, check };
  if (check !== hanging)
    return { ...about, ok: null, found: `not checked: the check of the ${hanging} hangs`, cure: null };
  const cure = `see whether the volume of the home answers: timeout 5 df ${shellLine([resolveHome()])}; dmesg | tail`;
  return { ...about, ok: false, found: 'no answer in time: what it waits for hangs', cure };
}

const TEMPORARY = 75;

function childError(complaint: string, [code, signal]: readonly unknown[]): StartupError {
  const message = complaint.replace(/^hermes-gateway: /, '').trim();
  return new StartupError(message || `the checks ended with ${String(signal ?? code)}`, {
    temporary: code === TEMPORARY,
  });
}
