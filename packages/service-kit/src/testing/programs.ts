import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';

type ProgramName = 'exit-by-signal' | 'log' | 'log-much' | 'notify-ready' | 'wait-for-stop';

/** The command line that runs one of the programs beside this file: what touches process-wide state runs there. */
export function commandLine(name: ProgramName, ...args: string[]): [command: string, ...args: string[]] {
  return [process.execPath, fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url)), ...args];
}

/** How a command ended, and what it said: `output[N]` is what it wrote on descriptor N, for N up to 3. */
export function run([command, ...args]: [string, ...string[]], environment: NodeJS.ProcessEnv = {}) {
  const { status, signal, output } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    timeout: 120_000,
    killSignal: 'SIGKILL',
  });
  return { status, signal, output };
}

/** A server on a free port of this machine, and that port. */
export async function occupiedPort(): Promise<{ port: number; server: Server }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected an address with a port');
  return { port: address.port, server };
}
