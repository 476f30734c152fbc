import type { History, Hold, JournalEvent, NoticeRow, Violation } from '../history.ts';

/** What sessions are told: one event for each turn, one notice for each drain, and one when it is over. */
export function toldViolations(history: History): Violation[] {
  const notices = Map.groupBy(history.notices, (row) => row.session);
  const events = Map.groupBy(history.events, (event) => event.session);
  const sessions = new Set([...notices.keys(), ...events.keys()]);
  return [
    ...turnEventViolations(history),
    ...[...sessions].flatMap((session) =>
      noticeViolations(session, events.get(session) ?? [], notices.get(session) ?? [], history),
    ),
  ];
}

function turnEventViolations({ rows, events }: History): Violation[] {
  const ends = events.filter(({ type }) => type === 'turn');
  const counts = Map.groupBy(ends, ({ data }) => String(data.turn_id));
  return rows.flatMap(({ id, message_id, ended_at }) => {
    const count = counts.get(id)?.length ?? 0;
    if (ended_at === null ? count === 0 : count === 1) return [];
    const text = `its session was told ${count} times that it has ended`;
    return [{ rule: 'turn-events', at: 0, message: message_id ?? id, text }];
  });
}

function noticeViolations(
  session: string,
  events: readonly JournalEvent[],
  rows: readonly NoticeRow[],
  { holds, faults }: History,
): Violation[] {
  const kinds = events
    .toSorted((a, b) => a.seq - b.seq)
    .filter(({ type }) => type === 'notice')
    .map(({ data }) => data.notice);
  const about = { rule: 'notices', at: 0, message: session };
  const violations: Violation[] = [];
  const draining = kinds.filter((kind) => kind === 'draining').length;
  if (draining !== rows.length) {
    violations.push({ ...about, text: `told ${draining} times of ${rows.length} drains` });
  }
  const nameless = rows.length - rows.filter(({ drain }) => holds.some(({ requestId }) => requestId === drain)).length;
  if (nameless > namelessDrains(holds, faults)) {
    violations.push({ ...about, text: `told of ${nameless} drains that were never begun` });
  }
  const told = kinds.filter((kind) => kind === 'draining' || kind === 'back');
  const isBackTwice = told.some((kind, n) => kind === 'back' && told[n - 1] !== 'draining');
  if (isBackTwice) violations.push({ ...about, text: 'told "back" without having been told of a drain before' });
  if (told.at(-1) === 'draining') violations.push({ ...about, text: 'told of a drain, and never that it is over' });
  return violations;
}

/** Drains whose id nobody knows: a begin without an answer, a marker that is not JSON. */
function namelessDrains(holds: readonly Hold[], faults: History['faults']): number {
  const unanswered = holds.filter(({ requestId }) => requestId === undefined).length;
  return unanswered + faults.filter(({ name }) => name === 'marker').length;
}
