import type { History, JournalRow, Life, Request, Run } from '../history.ts';
import { replyOf } from './messages.ts';

/** The message, the process and the turn that the history of {@link forge} is about. */
export const [MESSAGE, PID, TURN] = ['s.0', 7, 't0'] as const;
export const REPLY = replyOf(MESSAGE, PID);

/** A message that was sent, ran from 100 to 200 and was answered, while nothing else happened; with changes. */
export function forge(changes: Partial<History> = {}): History {
  return {
    options: { seed: 1, replay: true, onDrain: 'refuse', movableClock: false },
    requests: [request()],
    holds: [],
    releases: [],
    faults: [],
    lives: [life({ endedAt: undefined, exit: undefined })],
    safe: [],
    looks: 1,
    runs: [run()],
    rows: [row()],
    events: [event(1, 'turn', { turn_id: TURN })],
    notices: [],
    missed: [],
    ...changes,
  };
}

export function request(changes: Partial<Request> = {}): Request {
  const outcome = { kind: 'final', answer: { status: 'done', reply: REPLY }, turnId: TURN } as const;
  return { session: 's', message: MESSAGE, route: 'sync', sentAt: 50, endedAt: 250, outcome, ...changes };
}

export function run(changes: Partial<Run> = {}): Run {
  return { message: MESSAGE, pid: PID, startedAt: 100, endedAt: 200, aliveAt: 200, ...changes };
}

export function row(changes: Partial<JournalRow> = {}): JournalRow {
  const message = { id: TURN, session: 's', message_id: MESSAGE };
  return { ...message, status: 'done', attempts: 1, reply: REPLY, problem: null, ended_at: 210, ...changes };
}

export function life(changes: Partial<Life> = {}): Life {
  const times = { startedAt: 0, readyAt: 20, endedAt: 1_000 };
  return { program: 'gateway', pid: 3, ...times, exit: 'SIGKILL', asked: undefined, ...changes };
}

export function event(seq: number, type: string, data: Record<string, unknown>): History['events'][number] {
  return { seq, session: 's', type, data };
}
