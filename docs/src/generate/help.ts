import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../pages.ts';
import { head } from './page.ts';

/** The programs whose command line is shown as their `--help` prints it. */
export const PROGRAMS = {
  'hermes-gateway': 'apps/gateway/bin/hermes-gateway.js',
  'hermes-dashboard': 'apps/dashboard/bin/hermes-dashboard.js',
  'hermes-s6': 'packages/s6-reconciler/bin/hermes-s6.js',
} as const;

/** `reference/PROGRAM.md`: the help of the built program and of each command below it. */
export function helpPage(program: keyof typeof PROGRAMS): string {
  const parts = commandTree(program, []).map(
    ({ words, text }) => `## ${[program, ...words].join(' ')}\n\n\`\`\`text\n${text.trimEnd()}\n\`\`\`\n`,
  );
  return `${head(program, `${program} --help`)}
You want to look up a command, an option, a variable or an exit code.

${parts.join('\n')}`;
}

function commandTree(
  program: keyof typeof PROGRAMS,
  words: readonly string[],
): { words: readonly string[]; text: string }[] {
  const text = help(program, words);
  const commands = /^Commands:\n((?: {2}.*\n)+)/m.exec(text)?.[1] ?? '';
  const names = [...commands.matchAll(/^ {2}([a-z][a-z0-9-]*)/gm)].map(([, name = '']) => name);
  const below = names.filter((name) => name !== 'help').flatMap((name) => commandTree(program, [...words, name]));
  return [{ words, text }, ...below];
}

function help(program: keyof typeof PROGRAMS, words: readonly string[]): string {
  const args = [join(ROOT, PROGRAMS[program]), ...words, '--help'];
  return execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 });
}
