import { writeSync } from 'node:fs';

/** Tells whoever started this program that it is ready, and where. */
export function announce(url: string): void {
  process.stdout.write(`${url}\n`);
  writeSync(Number(process.env['HERMES_NOTIFY_FD']), '\n');
}
