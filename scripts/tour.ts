import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { playTour } from './tour/play-tour.ts';
import { readTour } from './tour/read-tour.ts';

const HELP = `Executes the tours in README.md and docs/quick-start.md, command by command, and compares the output with what is printed there.

Usage: npm run tour

Exit codes: 0 all as written, 1 the output differs
`;

const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
if (values.help) process.stdout.write(HELP);
else process.exitCode = (await playAll(['README.md', 'docs/quick-start.md'])) ? 0 : 1;

async function playAll(pages: readonly string[]): Promise<boolean> {
  for (const page of pages) {
    console.log(page);
    if (!(await playTour(readTour(readFileSync(page, 'utf8'))))) return false;
  }
  return true;
}
