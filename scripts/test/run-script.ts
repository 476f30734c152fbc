import { spawn } from 'node:child_process';
import { once } from 'node:events';

const TIMEOUT_MS = 180_000;

/** Runs one of our scripts as a person would. @returns whether it ended well within its time. */
export async function runScript(script: string): Promise<boolean> {
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 2, 2], timeout: TIMEOUT_MS });
  const [code] = await once(child, 'exit');
  return code === 0;
}
