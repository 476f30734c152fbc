/** A start of a turn as the observer saw it; see `observer.ts`. */
interface SeenRun {
  readonly gateway: string;
  readonly session: string;
  readonly message: string;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
}

/** A turn as it is in the database at the end. */
export interface StoredTurn {
  readonly message_id: string;
  readonly session: string;
  readonly status: string;
  readonly attempts: number;
  readonly reply: string | null;
}

/** What a client sent and heard. */
interface HeardMessage {
  readonly id: string;
  readonly replies: ReadonlySet<string>;
  readonly turnIds: ReadonlySet<string>;
}

/** A gateway whose agents may still be at work while another gateway has started their turns again. */
export interface CutOff {
  readonly gateway: string;
  readonly from: number;
  readonly to: number;
}

/** Pairs of runs of one session that were at work at the same time, except those that a cut-off gateway explains. */
export function overlaps(runs: readonly SeenRun[], cutOff: readonly CutOff[] = []): (readonly [SeenRun, SeenRun])[] {
  const sessions = Map.groupBy(runs, ({ session }) => session);
  return [...sessions.values()].flatMap((own) => {
    const sorted = own.toSorted((a, b) => a.startedAt - b.startedAt);
    return sorted.flatMap((early, index) =>
      sorted
        .slice(index + 1)
        .filter((late) => late.startedAt < (early.endedAt ?? Number.POSITIVE_INFINITY))
        .filter((late) => !isExplained(early, late, cutOff))
        .map((late) => [early, late] as const),
    );
  });
}

/**
 * A gateway of the two was cut off when the later one started. That may also be the later one: it starts what it has claimed
 * before, and has not noticed that another gateway has taken it over.
 */
function isExplained(early: SeenRun, late: SeenRun, cutOff: readonly CutOff[]): boolean {
  return cutOff.some(
    ({ gateway, from, to }) =>
      early.gateway !== late.gateway &&
      (gateway === early.gateway || gateway === late.gateway) &&
      from <= late.startedAt &&
      late.startedAt <= to,
  );
}

/** Messages that started before an earlier message of their session; a message has a number at its end. */
export function outOfOrder(runs: readonly SeenRun[]): string[] {
  const newest = new Map<string, number>();
  const seen = new Set<string>();
  return runs.flatMap(({ session, message }) => {
    const number = Number(message.split('-').at(-1));
    const isLate = !seen.has(message) && number < (newest.get(session) ?? -1);
    seen.add(message);
    newest.set(session, Math.max(number, newest.get(session) ?? -1));
    return isLate ? [message] : [];
  });
}

/** What is wrong with the answers: each message has one turn, and its clients heard what that says. */
export function wrongAnswers(
  messages: readonly HeardMessage[],
  stored: readonly StoredTurn[],
  expected: (message: string) => string,
): string[] {
  const turns = Map.groupBy(stored, ({ message_id }) => message_id);
  return messages.flatMap(({ id, replies, turnIds }) => {
    const own = turns.get(id) ?? [];
    const [turn] = own;
    const answer = turn?.status === 'done' ? turn.reply : turn?.status;
    const isRight = answer === expected(id) || (answer === 'interrupted' && (turn?.attempts ?? 0) > 1);
    const isHeard = turnIds.size === 1 && replies.size === 1 && replies.has(answer ?? '');
    if (own.length === 1 && isRight && isHeard) return [];
    return [
      `${id}: stored ${JSON.stringify(own)}, heard ${JSON.stringify([...replies])} of ${JSON.stringify([...turnIds])}`,
    ];
  });
}
