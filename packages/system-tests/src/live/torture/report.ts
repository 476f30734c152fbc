import { writeFileSync } from 'node:fs';
import { type History, isAcknowledged, type Violation } from './history.ts';
import type { RoundResult } from './round.ts';
import { timelineOf } from './timeline.ts';

/** So many violations of a rule are shown in full; all of them are in the file. */
const SHOWN = 3;

/** What a round was made of, in a line. */
export function summaryOf({ history, violations, drains }: RoundResult): string {
  const { options, requests, rows, runs, looks, safe, faults, lives } = history;
  const messages = new Set(requests.map(({ message }) => message)).size;
  const acknowledged = new Set(requests.filter(isAcknowledged).map(({ message }) => message)).size;
  const clock = options.movableClock ? ', movable clock' : '';
  const byThemselves = lives.filter(({ endedAt, asked }) => endedAt !== undefined && asked === undefined);
  return [
    `seed ${options.seed} (replay ${options.replay}, on_drain ${options.onDrain}${clock}): requests ${requests.length}`,
    `messages ${messages}`,
    `acknowledged ${acknowledged}`,
    `turns ${rows.length}`,
    `runs ${runs.length}`,
    `drains ${drains}`,
    `looks ${looks} (safe ${safe.length})`,
    `faults ${countsOf(faults.map(({ name }) => name))}`,
    `ended by themselves ${countsOf(byThemselves.map(({ program, exit }) => `${program} ${exit}`))}`,
    `violations ${violations.length}${violations.length === 0 ? '' : `: ${countsOf(violations.map(({ rule }) => rule))}`}`,
  ].join(', ');
}

/** The first violations of each rule, with what happened around them. */
export function describeViolations({ history, violations, stormMs, kept }: RoundResult): string {
  const byRule = Map.groupBy(violations, ({ rule }) => rule);
  const shown = [...byRule.values()].flatMap((all) => all.slice(0, SHOWN));
  const described = shown.map((violation) =>
    [titleOf(violation), ...timelineOf(violation, history).map((line) => `  ${line}`)].join('\n'),
  );
  // A run has two rounds at least, and its first one has the seed of the run.
  const again = `HERMES_SEED=${history.options.seed} HERMES_TORTURE_MINUTES=${(2 * stormMs) / 60_000}`;
  const where = `kept in ${kept}: history.json, observations, gateway.log, volume-at-the-end; again, as its first round: ${again}`;
  return [...described, where].join('\n\n');
}

export function titleOf({ rule, message, text }: Violation): string {
  return `${rule}${message === undefined ? '' : ` ${message}`}: ${text}`;
}

export function saveHistory(path: string, history: History, violations: readonly Violation[]): void {
  writeFileSync(path, JSON.stringify({ violations, ...history }, null, 1));
}

function countsOf(names: readonly string[]): string {
  const counts = [...Map.groupBy(names, (name) => name)].map(([name, all]) => `${name} ${all.length}`);
  return counts.length === 0 ? 'none' : counts.toSorted().join(' ');
}
