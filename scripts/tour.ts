import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { playTour } from './tour/play-tour.ts';
import { readTour } from './tour/read-tour.ts';

const HELP = `Does what the README's tour says, command by command, and compares what comes out with what is printed there.

Usage: npm run tour

Exit codes: 0 all as written, 1 something else came out
`;

const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
if (values.help) process.stdout.write(HELP);
else process.exitCode = (await playTour(readTour(readFileSync('README.md', 'utf8')))) ? 0 : 1;
