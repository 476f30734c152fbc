import { spawnSync } from 'node:child_process';
import { BARE_ENVIRONMENT } from '@hermes/test-kit';
import { BIN } from './gateway-process.ts';

/** Longer than any command takes on a busy machine, in ms. */
const TIMEOUT_MS = 120_000;

/** Runs a command of the built program that ends by itself. */
export function runCommand(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const env = { ...BARE_ENVIRONMENT, ...environment };
  const options = { encoding: 'utf8', timeout: TIMEOUT_MS, env } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], options);
  return { code: status, stdout, stderr };
}
