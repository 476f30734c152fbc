import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../pages.ts';
import type { DocsStack } from '../stack.ts';
import type { Block } from './blocks.ts';

const TIMEOUT_MS = 50_000;

/** Runs a block in the root of the checkout. @returns what it printed, stderr behind stdout. @throws when it fails */
export async function runBlock({ language, text }: Block, stack: DocsStack): Promise<string> {
  const inPlace = text
    .replaceAll('http://127.0.0.1:8642', stack.gatewayUrl)
    .replaceAll('http://127.0.0.1:9119', stack.dashboardUrl)
    .replaceAll('/tmp/hermes-', join(stack.directory, 'hermes-'));
  const [program, args, cwd] = commandFor(language, inPlace);
  const env = {
    ...process.env,
    HERMES_HOME: stack.home,
    PATH: `${join(ROOT, 'node_modules', '.bin')}:${process.env['PATH']}`,
    DRAINCTL_URL: undefined,
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const { stdout, stderr } = await promisify(execFile)(program, args, { cwd, env, timeout: TIMEOUT_MS });
  return stdout + stderr;
}

function commandFor(language: string, text: string): [program: string, args: string[], cwd: string] {
  if (language === 'js') return [process.execPath, ['--input-type=module', '--eval', text], join(ROOT, 'docs')];
  if (language === 'python') return ['python3', ['-c', text], ROOT];
  return ['bash', ['-eo', 'pipefail', '-c', text], ROOT];
}

/** Whether `printed` is what the page shows. `…` stands for any text. */
export function isAsShown(printed: string, shown: string): boolean {
  const parts = shown
    .trim()
    .split('…')
    .map((part) => RegExp.escape(part));
  return new RegExp(`^${parts.join('[\\s\\S]*?')}$`).test(printed.trim());
}
