import type { Surroundings } from '../../../surroundings.ts';
import type { Figures } from '../figures.ts';

/** One test of the gate. */
export interface Point {
  readonly group: string;
  readonly name: string;
  readonly result: 'passed' | 'failed' | 'skipped';
  readonly took_ms: number;
  readonly figures: Figures;
  /** Why it failed. */
  readonly errors: readonly string[];
}

/** A run of the gate; what `live-report.json` holds. */
export interface Report {
  readonly passed: boolean;
  readonly date: string;
  readonly took_s: number;
  readonly seed: number | string | null;
  readonly surroundings: Surroundings;
  readonly points: readonly Point[];
  /** What went wrong outside of any point. */
  readonly errors: readonly string[];
}

/** @param ended Unix ms. Pure. */
export function composeReport(
  points: readonly Point[],
  errors: readonly string[],
  run: { readonly started: number; readonly ended: number; readonly surroundings: Surroundings },
): Report {
  const seeds = points.map(({ figures }) => figures.seed).filter((seed) => seed !== undefined);
  return {
    // A point that was skipped is a promise that nobody looked at.
    passed: points.length > 0 && errors.length === 0 && points.every(({ result }) => result === 'passed'),
    date: new Date(run.ended).toISOString(),
    took_s: Math.round((run.ended - run.started) / 1_000),
    seed: seeds[0] ?? null,
    surroundings: run.surroundings,
    points,
    errors,
  };
}

/** The report for people. Pure. */
export function renderReport(report: Report): string {
  const good = report.points.filter(({ result }) => result === 'passed').length;
  const groups = Map.groupBy(report.points, ({ group }) => group);
  return [
    `# Live gate: ${report.passed ? 'passed' : 'FAILED'}, ${good} of ${report.points.length} points`,
    '',
    `${report.date}, took ${report.took_s} s${report.seed === null ? '' : `, seed ${report.seed}`}`,
    '',
    ...renderSurroundings(report.surroundings),
    ...report.errors.flatMap((error) => ['', `**Outside of any point:** ${oneLine(error)}`]),
    ...[...groups].flatMap(([group, points]) => ['', `## ${capital(group)}`, '', ...renderPoints(points)]),
    '',
  ].join('\n');
}

function renderSurroundings(surroundings: Surroundings): string[] {
  const { commit, node, s6, kernel, system, processor, cores, memory_gb } = surroundings;
  const what = `commit ${commit}, node ${node}, s6 ${s6}, kernel ${kernel}`;
  return [`${what}; on ${system}, ${cores} × ${processor}, ${memory_gb} GB`];
}

function renderPoints(points: readonly Point[]): string[] {
  return ['| | point | figures |', '| --- | --- | --- |', ...points.map((point) => renderPoint(point))];
}

function renderPoint({ name, result, figures, errors }: Point): string {
  const mark = { passed: 'ok', failed: '**FAILED**', skipped: '**skipped**' }[result];
  const shown = Object.entries(figures).map(([key, value]) => renderFigure(key, value));
  const cells = [mark, name, [...shown, ...errors.map((error) => `**${oneLine(error)}**`)].join(', ')];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** `published_after_ms: 12` is read as `published after 12 ms`. */
function renderFigure(key: string, value: number | string): string {
  const [, words = key, unit = ''] = /^(.*?)(?:_(ms|s|mb))?$/.exec(key) ?? [];
  return `${words.replaceAll('_', ' ')} ${value}${unit === '' ? '' : ` ${unit === 'mb' ? 'MB' : unit}`}`;
}

function oneLine(text: string): string {
  const plain = text.replaceAll(/\s+/g, ' ').trim();
  return plain.length > 300 ? `${plain.slice(0, 300)}…` : plain;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
