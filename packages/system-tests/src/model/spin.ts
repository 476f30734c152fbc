import { spawnSync } from 'node:child_process';
import { runs } from '@hermes/test-kit';

/** Bounds against hanging; memory in MiB, of which a complete check uses less than a quarter. */
const LIMITS = { timeoutMs: 900_000, memoryMib: 8_192, depth: 10_000 } as const;

export interface ModelCheck {
  /** The Promela file. */
  readonly model: string;
  /** An empty directory to work in. */
  readonly directory: string;
  /** Macros to define. */
  readonly define: Readonly<Record<string, string>>;
  /** Look for runs that never end, in place of failed assertions. */
  readonly cycles?: boolean;
}

export interface ModelResult {
  /** Number of states that were examined. */
  readonly states: number;
  /** The assertion that failed, or the cycle, in spin's words; `undefined` if there is none. */
  readonly failure: string | undefined;
}

export function hasSpin(): boolean {
  return runs('spin', '-V') && runs('gcc', '--version');
}

/**
 * Examines all states of a model, or those before the first failure. @throws Error if spin cannot do that: a mistake in the
 * model, or a limit that was reached.
 */
export function checkModel({ model, directory, define, cycles = false }: ModelCheck): ModelResult {
  const run = (command: string, ...args: string[]): string => execute(directory, command, args);
  run('spin', '-a', ...Object.entries(define).map(([name, value]) => `-D${name}=${value}`), model);
  // All steps change what processes share: spin's partial order reduction gains nothing, and needs time.
  run(
    'gcc',
    '-O2',
    '-w',
    '-DNOREDUCE',
    cycles ? '-DNP' : '-DSAFETY',
    `-DMEMLIM=${LIMITS.memoryMib}`,
    '-o',
    'pan',
    'pan.c',
  );
  return readResult(run('./pan', `-m${LIMITS.depth}`, ...(cycles ? ['-l'] : [])));
}

/** @throws Error unless the output is that of a complete search or of a failure. */
export function readResult(output: string): ModelResult {
  const states = /^\s*(\d+(?:\.\d+e\+\d+)?) states, stored/m.exec(output)?.[1];
  const errors = /, errors: (\d+)$/m.exec(output)?.[1];
  const failure = /^pan:1: (.+) \(at depth \d+\)$/m.exec(output)?.[1];
  const isCut = /max search depth too small|reached.*memory|out of memory|Search not completed/i.test(output);
  if (
    states === undefined ||
    errors === undefined ||
    (errors === '0') !== (failure === undefined) ||
    (isCut && !failure)
  ) {
    throw new Error(`expected the result of a complete search, found:\n${output}`);
  }
  return { states: Number(states), failure };
}

function execute(cwd: string, command: string, args: readonly string[]): string {
  const options = {
    cwd,
    encoding: 'utf8',
    timeout: LIMITS.timeoutMs,
    maxBuffer: 2 ** 26,
    killSignal: 'SIGKILL',
  } as const;
  const { status, error, stdout, stderr } = spawnSync(command, args, options);
  if (error || status !== 0)
    throw new Error(`${command} ${args.join(' ')}: ${error ?? status}\n${(stdout + stderr).slice(-2_000)}`);
  return stdout;
}
