import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { DrainVerdict } from '@hermes/drain-contract';

/** The corpus, with the reader in Python that was written from its rules. */
export const CORPUS = fileURLToPath(new URL('../../../drain-contract/corpus/', import.meta.url));

/** Runs the reader in Python. */
export function python(...args: readonly string[]) {
  return spawnSync('python3', ['-B', `${CORPUS}reader.py`, ...args], { encoding: 'utf8', timeout: 60_000 });
}

/** What the reader in Python prints as JSON. */
export function toldByPython(...args: readonly string[]): unknown {
  const { status, stdout, stderr } = python(...args);
  if (status !== 0) throw new Error(`reader.py ${args.join(' ')} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

/** Our verdict as the reader in Python tells its own. */
export function inWordsOfPython(verdict: DrainVerdict): unknown {
  return {
    active: verdict.active,
    reason: verdict.reason,
    suppressed: verdict.active && verdict.request.suppress_notification,
    body: verdict.body ?? null,
    request: verdict.request ?? {},
    ...(verdict.active ? { expires_at: verdict.expiresAt } : {}),
  };
}
