import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BENCHES } from './benches/index.ts';
import type { Bench } from './measurement.ts';
import { findRegressions, isRecorded, RECORDED_RATIOS, ratiosOf, readRecordedRatios } from './recorded.ts';
import { type BenchReport, renderBenchReport } from './report.ts';
import { runBenches } from './run.ts';

const HELP = `Measures how fast everything is against what people would use instead, in one run, as ratios.

Usage: npm run bench                       all of it, about half an hour
       npm run bench -- reconcile turns    only these
       npm run bench -- --quick            fewer rounds, no large sizes
       npm run bench -- --check            as --quick, only what has a recorded ratio, and fails
                                           on what has become twice as slow since

Options:
  --list             what there is to measure
  --quick            fewer rounds, no large sizes
  --check            hold the ratios against the recorded ones
  --record           all rounds; put the table into docs/performance.md and the ratios where --check finds them
  --rounds N         rounds of each comparison (10, or 3 when quick)
  --output DIR       where bench-report.md and bench-report.json go (.)
  --json             print the report as JSON instead of the table
  -h, --help

Exit codes:
  0  measured; no target was missed (with --check: nothing has become twice as slow)
  1  a target was missed, or a bench broke down
  2  usage
`;

const DOCUMENT = new URL('../../../../docs/performance.md', import.meta.url);
const TABLE = /(?<=<!-- table -->\n)[\s\S]*(?=<!-- \/table -->)/;

process.exitCode = await main();

async function main(): Promise<number> {
  const options = read();
  if (typeof options === 'string') {
    process.stderr.write(options);
    return 2;
  }
  if (options.help) process.stdout.write(HELP);
  else if (options.list) process.stdout.write(BENCHES.map(({ name, measures }) => `${name}\n  ${measures}\n`).join(''));
  else return measure(options);
  return 0;
}

interface Options {
  readonly benches: readonly Bench[];
  readonly rounds: number;
  readonly quick: boolean;
  readonly check: boolean;
  readonly record: boolean;
  readonly output: string;
  readonly json: boolean;
  readonly help: boolean;
  readonly list: boolean;
}

/** @returns what is wrong with the command line, if something is. */
function read(): Options | string {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        list: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        record: { type: 'boolean', default: false },
        rounds: { type: 'string' },
        output: { type: 'string', default: '.' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const unknown = positionals.find((name) => !BENCHES.some((bench) => bench.name === name));
    if (unknown !== undefined)
      return `expected one of ${BENCHES.map(({ name }) => name).join(', ')}, found '${unknown}'\n`;
    const quick = values.quick || values.check;
    if (values.record && (quick || positionals.length > 0))
      return '--record: expected a run of everything, without --quick, --check or names\n';
    const rounds = Number(values.rounds ?? (quick ? 3 : 10));
    if (!Number.isInteger(rounds) || rounds < 1 || rounds > 1_000)
      return `--rounds: expected a whole number from 1 to 1000, found '${values.rounds}'\n`;
    const recorded = readRecordedRatios();
    const benches = BENCHES.filter(({ name }) =>
      positionals.length > 0 ? positionals.includes(name) : !values.check || isRecorded(name, recorded),
    );
    return { ...values, quick, rounds, benches };
  } catch (error) {
    return `${(error as Error).message}\n\n${HELP}`;
  }
}

async function measure({ benches, rounds, quick, check, record, output, json }: Options): Promise<number> {
  const tell = (text: string) => process.stderr.write(`${text}\n`);
  const { report, breakdowns } = await runBenches(benches, { rounds, quick, tell });
  keep(report, output);
  if (record && breakdowns.length === 0) recordFigures(report);
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : renderBenchReport(report));
  const faults = [
    ...breakdowns.map(({ bench, error }) => `${bench} broke down: ${error instanceof Error ? error.stack : error}`),
    ...(check ? findRegressions(report, readRecordedRatios()) : missedTargets(report)),
  ];
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  return faults.length === 0 ? 0 : 1;
}

function keep(report: BenchReport, output: string): void {
  mkdirSync(output, { recursive: true });
  writeFileSync(resolve(output, 'bench-report.md'), renderBenchReport(report));
  writeFileSync(join(resolve(output), 'bench-report.json'), `${JSON.stringify(report, null, 2)}\n`);
}

function recordFigures(report: BenchReport): void {
  const text = readFileSync(DOCUMENT, 'utf8');
  writeFileSync(
    DOCUMENT,
    text.replace(TABLE, () => `\n${renderBenchReport(report)}\n`),
  );
  writeFileSync(RECORDED_RATIOS, `${JSON.stringify(ratiosOf(report), null, 2)}\n`);
}

function missedTargets(report: BenchReport): string[] {
  return report.benches.flatMap(({ name, results }) =>
    results
      .filter((result) => result.kind !== 'curve' && result.verdict === 'missed')
      .map(({ what }) => `${name}: ${what}: its target was missed`),
  );
}
