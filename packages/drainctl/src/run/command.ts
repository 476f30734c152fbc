import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { EXIT } from '../exit.ts';
import { statusOf } from '../signals.ts';

const FROM_ANYBODY: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGCONT'];
const FROM_THE_KEYBOARD: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];

/** How a command ended. */
export interface CommandEnd {
  /** As a shell reports it. */
  readonly status: number;
  readonly signal: NodeJS.Signals | null;
  readonly message: string;
}

/**
 * Runs `command` with our standard streams, and passes signals on to it.
 * @param handOver called once it runs: from then on signals are for the command.
 */
export function runCommand(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  handOver: () => void,
): Promise<CommandEnd> {
  const [file = '', ...args] = command;
  const child = spawn(file, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  const passOn = (signal: NodeJS.Signals) => void child.kill(signal);
  const ignore = () => undefined;
  // The terminal sends these to the whole foreground group, the command included: once is enough.
  const fromKeyboard = hasTerminal() ? ignore : passOn;
  for (const signal of FROM_ANYBODY) process.on(signal, passOn);
  for (const signal of FROM_THE_KEYBOARD) process.on(signal, fromKeyboard);
  handOver();
  return new Promise<CommandEnd>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(notStarted(file, error)));
    child.once('exit', (code, signal) => resolve(ended(file, code, signal)));
  }).finally(() => {
    for (const signal of FROM_ANYBODY) process.off(signal, passOn);
    for (const signal of FROM_THE_KEYBOARD) process.off(signal, fromKeyboard);
  });
}

function ended(file: string, code: number | null, signal: NodeJS.Signals | null): CommandEnd {
  if (signal) return { status: statusOf(signal), signal, message: `${file} was ended by ${signal}` };
  return { status: code ?? EXIT.failure, signal, message: `${file} ended with status ${code}` };
}

function notStarted(file: string, { code }: NodeJS.ErrnoException): CommandEnd {
  const status = code === 'ENOENT' ? EXIT.notFound : EXIT.notExecutable;
  return { status, signal: null, message: `${file} could not be started (${code})` };
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}
