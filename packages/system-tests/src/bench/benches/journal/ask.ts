import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { GATEWAY_SCRIPT } from '@hermes/local-stack';

const execute = promisify(execFile);

/** Runs `hermes-gateway turns` with these words. @returns how long it took, in ms. */
export async function askForTurns(home: string, ...words: string[]): Promise<number> {
  const began = performance.now();
  await execute(process.execPath, [GATEWAY_SCRIPT, 'turns', ...words], { env: { ...process.env, HERMES_HOME: home } });
  return performance.now() - began;
}
