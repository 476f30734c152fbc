import type { Letter } from '../people.ts';

/** A message, and what its sender got back over all tries. */
export interface Sent {
  readonly letter: Letter;
  /** Whether it was ever acknowledged: from then on it must not be lost. */
  acknowledged: boolean;
  readonly turnIds: Set<unknown>;
  /** The final answers: the reply, or `interrupted`. */
  readonly answers: Set<unknown>;
}

/** From the answer to a begin-drain until whatever ends the drain was asked for. Unix ms. */
export interface DrainWindow {
  readonly from: number;
  readonly to: number;
}

/** A row of the journal. Times are Unix ms. */
export interface JournaledTurn {
  readonly id: string;
  readonly session: string;
  readonly message_id: string;
  readonly text: string;
  readonly status: string;
  readonly reply: string | null;
  readonly attempts: number;
  readonly accepted_at: number;
  readonly started_at: number | null;
}

/** Everything that the observer has seen. */
export interface Evidence {
  readonly sent: readonly Sent[];
  readonly drains: readonly DrainWindow[];
  readonly journal: readonly JournaledTurn[];
  /** For each turn, how often its session was told that it has ended. */
  readonly told: ReadonlyMap<string, number>;
  /** Answers that no message should ever get. */
  readonly strange: readonly string[];
}

/** The start of a turn that waited is stamped after the gate has let it in: by as much as a busy machine may take. */
const STAMP_SLACK_MS = 2_000;

/** A message is stamped before the gate looks at the marker: which may be gone by then if the message came just before. */
const END_SLACK_MS = 250;

/** Turns that no gate should have let in. */
export function acceptedUnderDrain(
  journal: readonly JournaledTurn[],
  drains: readonly DrainWindow[],
): readonly JournaledTurn[] {
  return journal.filter(({ accepted_at }) => isInDrain(accepted_at, drains, 0));
}

function isInDrain(at: number, drains: readonly DrainWindow[], slack: number): boolean {
  return drains.some(({ from, to }) => from + slack < at && at < to - END_SLACK_MS);
}

/** What must not have happened and did, a line each. Pure. */
export function findMisses({ sent, drains, journal, told, strange }: Evidence): string[] {
  const rows = Map.groupBy(journal, (turn) => keyOf(turn));
  const ours = new Set(sent.map(({ letter }) => keyOf(letter)));
  return [
    ...strange,
    ...sent.flatMap((message) => missesOfMessage(message, rows.get(keyOf(message.letter)) ?? [])),
    ...journal.filter((turn) => !ours.has(keyOf(turn))).map((turn) => `${turn.id}: a turn for a message nobody sent`),
    ...journal.flatMap((turn) => missesOfTurn(turn, drains, told.get(turn.id) ?? 0)),
  ];
}

function keyOf({ session, message_id }: Pick<Letter, 'session' | 'message_id'>): string {
  return `${session}/${message_id}`;
}

function missesOfMessage({ letter, acknowledged, turnIds, answers }: Sent, rows: readonly JournaledTurn[]): string[] {
  const about = letter.message_id;
  const misses: string[] = [];
  if (acknowledged && rows.length === 0) misses.push(`${about}: accepted, and lost`);
  if (rows.length > 1) misses.push(`${about}: ${rows.length} turns for one message`);
  if (turnIds.size > 1) misses.push(`${about}: answered by ${turnIds.size} turns`);
  if (answers.size > 1) misses.push(`${about}: ${answers.size} different answers`);
  if (acknowledged && answers.size === 0) misses.push(`${about}: accepted, and never answered`);
  if (answers.size === 1 && !answers.has(letter.text) && !answers.has('interrupted'))
    misses.push(`${about}: a wrong answer`);
  return misses;
}

function missesOfTurn(turn: JournaledTurn, drains: readonly DrainWindow[], told: number): string[] {
  const misses: string[] = [];
  if (acceptedUnderDrain([turn], drains).length > 0) misses.push(`${turn.id}: accepted under a drain`);
  // What was cut off may go on under a drain: it had been let in before.
  if (turn.attempts === 1 && turn.started_at !== null && isInDrain(turn.started_at, drains, STAMP_SLACK_MS))
    misses.push(`${turn.id}: started under a drain`);
  if (told !== 1) misses.push(`${turn.id}: its session was told of its end ${told} times`);
  const replayed = turn.status === 'interrupted' && turn.attempts === 2;
  if (turn.status === 'done' ? turn.reply !== turn.text : !replayed)
    misses.push(`${turn.id}: ended as ${turn.status} after ${turn.attempts} attempts`);
  return misses;
}
