import { fileURLToPath } from 'node:url';
import { run } from '../run.ts';
import type { Unpacked } from './unpacked.ts';

const TOOLS = fileURLToPath(new URL('../../../node_modules/.bin/', import.meta.url));
const LINT_MS = 300_000;
const ATTW = ['--profile', 'esm-only', '--format', 'ascii', '--no-emoji'];

/**
 * What publint and "are the types wrong" say of a tarball; the latter not of a command, which nothing imports. Everything
 * we publish is ESM only, on purpose.
 */
export function problemsOfLinters({ tarball, manifest: { exports } }: Unpacked): string[] {
  return [
    ...problemsOf('publint', ['run', tarball, '--strict']),
    ...(exports === undefined ? [] : problemsOf('attw', [tarball, ...ATTW])),
  ];
}

function problemsOf(tool: string, words: readonly string[]): string[] {
  const { status, stdout, stderr } = run(`${TOOLS}${tool}`, words, { cwd: '.', timeoutMs: LINT_MS });
  return status === 0 ? [] : [`${tool} ends with ${status}:\n${stdout}${stderr}`.trim()];
}
