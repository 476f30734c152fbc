import { type Answer, type History, isAcknowledged, type Request, type Violation } from '../history.ts';

/** What a client may rely on: what is acknowledged is not lost, and gets one answer, which stays. */
export function messageViolations(history: History): Violation[] {
  const rows = Map.groupBy(history.rows, (row) => row.message_id ?? row.id);
  const byMessage = Map.groupBy(history.requests, (request) => request.message);
  const judged = [...byMessage].flatMap(([message, requests]) => [
    ...requests.flatMap((request) => badOutcome(request)),
    ...acknowledgedViolations(message, requests, rows.get(message) ?? []),
    ...identityViolations(message, requests, rows.get(message) ?? []),
    ...answerViolations(message, requests, history),
    ...refusalViolations(message, requests, history),
  ]);
  const unknown = [...rows].filter(([message]) => !byMessage.has(message));
  return [
    ...judged,
    ...unknown.map(([message]) => ({ rule: 'unknown-turn', at: 0, message, text: 'a turn for a message never sent' })),
  ];
}

function badOutcome({ message, route, sentAt, endedAt, outcome }: Request): Violation[] {
  // What it met when it was sent explains it.
  const about = { at: sentAt, message };
  if (outcome.kind === 'strange') return [{ ...about, rule: 'strange-answer', text: `${route}: ${outcome.what}` }];
  if (outcome.kind !== 'hung') return [];
  return [{ ...about, rule: 'hung', text: `${route}: neither answer nor error in ${endedAt - sentAt} ms` }];
}

function acknowledgedViolations(
  message: string,
  requests: readonly Request[],
  rows: readonly History['rows'][number][],
): Violation[] {
  const at = requests.find(isAcknowledged)?.endedAt;
  if (at === undefined) return [];
  const about = { rule: 'lost', at, message };
  if (rows.length === 0) return [{ ...about, text: 'acknowledged, and not in the journal' }];
  const open = rows.filter((row) => row.ended_at === null);
  const violations = open.map((row) => ({ ...about, text: `acknowledged, and still ${row.status} at the end` }));
  const isAnswered = requests.some(({ outcome }) => outcome.kind === 'final');
  if (!isAnswered) violations.push({ ...about, rule: 'no-answer', text: 'acknowledged, and never answered' });
  return violations;
}

function identityViolations(
  message: string,
  requests: readonly Request[],
  rows: readonly History['rows'][number][],
): Violation[] {
  const told = requests.flatMap(({ outcome }) => ('turnId' in outcome && outcome.turnId ? [outcome.turnId] : []));
  const ids = new Set([...told, ...rows.map((row) => row.id)]);
  if (ids.size <= 1) return [];
  return [{ rule: 'two-turns', at: requests[0]?.sentAt ?? 0, message, text: `turns ${[...ids].join(', ')}` }];
}

function answerViolations(message: string, requests: readonly Request[], history: History): Violation[] {
  const answered = requests
    .flatMap(({ outcome, endedAt }) => (outcome.kind === 'final' ? [{ answer: outcome.answer, at: endedAt }] : []))
    .toSorted((a, b) => a.at - b.at);
  const first = answered[0];
  if (first === undefined) return [];
  const other = answered.find(({ answer }) => textOf(answer) !== textOf(first.answer));
  const violations: Violation[] = [];
  if (other !== undefined) {
    const text = `first ${textOf(first.answer)}, then ${textOf(other.answer)}`;
    violations.push({ rule: 'two-answers', at: other.at, message, text });
  }
  const finished = history.runs.filter((run) => run.message === message && run.endedAt !== undefined);
  const right = new Set(finished.map((run) => replyOf(message, run.pid)));
  for (const { answer, at } of answered) {
    if (answer.status !== 'done' || right.has(answer.reply ?? '')) continue;
    violations.push({ rule: 'wrong-answer', at, message, text: `no run of it has said ${textOf(answer)}` });
  }
  return violations;
}

/** A refusal says that nothing was stored and nothing ran. */
function refusalViolations(message: string, requests: readonly Request[], history: History): Violation[] {
  const mayRunFrom = Math.min(...requests.filter(({ outcome }) => outcome.kind !== 'refused').map((r) => r.sentAt));
  return history.runs
    .filter((run) => run.message === message && run.startedAt < mayRunFrom)
    .map((run) => ({ rule: 'ran-although-refused', at: run.startedAt, message, text: `pid ${run.pid}` }));
}

/** What the agent says to a message: it names its process, so that an answer of another run is another answer. */
export function replyOf(message: string, pid: number): string {
  return `${message} ${pid}`;
}

function textOf({ status, reply }: Answer): string {
  return reply === undefined ? status : `${status} "${reply}"`;
}
