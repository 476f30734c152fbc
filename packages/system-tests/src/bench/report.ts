import type { Surroundings } from '../surroundings.ts';
import type { Judged, JudgedComparison, JudgedCurve, JudgedFigure, Spread } from './judge.ts';
import type { Target, Unit } from './measurement.ts';

/** One bench as it went. */
export interface BenchResult {
  readonly name: string;
  readonly measures: string;
  readonly baseline: string;
  readonly took_s: number;
  readonly results: readonly Judged[];
}

/** A run; what `bench-report.json` holds. */
export interface BenchReport {
  readonly date: string;
  readonly quick: boolean;
  readonly surroundings: Surroundings;
  readonly benches: readonly BenchResult[];
}

/** The report for people, in Markdown. Pure. */
export function renderBenchReport({ date, quick, surroundings, benches }: BenchReport): string {
  const { commit, node, kernel, system, processor, cores, memory_gb } = surroundings;
  const took = benches.reduce((sum, { took_s }) => sum + took_s, 0);
  return [
    `${date.slice(0, 10)}${quick ? ', quick' : ''}, ${took} s; commit ${commit}, node ${node}, kernel ${kernel}; ${system}, ${cores} × ${processor}, ${memory_gb} GB`,
    ...benches.flatMap((bench) => ['', ...renderBench(bench)]),
    '',
  ].join('\n');
}

function renderBench({ name, measures, baseline, results }: BenchResult): string[] {
  const comparisons = results.filter((result) => result.kind === 'comparison');
  const figures = results.filter((result) => result.kind === 'figure');
  const curves = results.filter((result) => result.kind === 'curve');
  return [
    `### ${name}`,
    '',
    `${measures} Against: ${baseline}`,
    ...table('| what | ours | baseline | ratio | target | |', comparisons.map(renderComparison)),
    ...table('| what | value | target | |', figures.map(renderFigure)),
    ...table('| what | by size | growth |', curves.map(renderCurve)),
  ];
}

function table(head: string, rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = head.replaceAll(/[^|]+/g, ' --- ');
  return [
    '',
    head,
    line,
    ...rows.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`),
  ];
}

function renderComparison({
  what,
  unit,
  statistic,
  ours,
  baseline,
  ratio,
  target,
  verdict,
}: JudgedComparison): string[] {
  const side = (summary: JudgedComparison['ours']) =>
    `${summary.name} ${quantity(summary.median, unit)} (p99 ${quantity(summary.p99, unit)})`;
  const shown = `**${number(ratio.median)}** (${number(ratio.low)}–${number(ratio.high)})`;
  return [
    statistic === 'p99' ? `${what}, p99` : what,
    side(ours),
    side(baseline),
    shown,
    renderTarget(target),
    verdict,
  ];
}

function renderFigure({ what, unit, value, target, verdict }: JudgedFigure): string[] {
  return [what, spread(value, unit), renderTarget(target, unit), verdict];
}

function renderCurve({ what, unit, over, points, growth }: JudgedCurve): string[] {
  const shown = points.map(({ at, value }) => `${at.toLocaleString('en')}: ${quantity(value.median, unit)}`);
  return [`${what}, by ${over}`, shown.join('; '), growth];
}

function spread({ median, low, high }: Spread, unit: Unit): string {
  return low === high
    ? `**${quantity(median, unit)}**`
    : `**${quantity(median, unit)}** (${number(low)}–${number(high)})`;
}

function renderTarget(target: Target | null, unit?: Unit): string {
  if (target === null) return '';
  const show = (value: number) => (unit === undefined ? String(value) : quantity(value, unit));
  return 'atMost' in target ? `≤ ${show(target.atMost)}` : `≥ ${show(target.atLeast)}`;
}

function quantity(value: number, unit: Unit): string {
  return `${number(value)} ${unit === 'us' ? 'µs' : unit}`;
}

/** Three digits that matter. */
function number(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
