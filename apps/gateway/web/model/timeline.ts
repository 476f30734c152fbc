import type { HistoryPage, PastTurnView, Picture, TurnStatus, TurnView } from './wire.ts';

/** `sending`: the gateway has not confirmed it. `unsent`: the gateway has not stored it, and it is not sent again. */
export type EntryState = 'sending' | 'unsent' | 'waiting' | 'running' | 'done' | 'failed' | 'interrupted';

/** A message and what became of it. */
export interface Entry {
  /** Never changes. */
  readonly key: string;
  readonly messageId: string | null;
  readonly turnId: string | null;
  /** `null` until the history of the gateway has been read. */
  readonly seq: number | null;
  readonly text: string;
  /** Only of messages of this page. */
  readonly pictures: readonly Picture[];
  readonly state: EntryState;
  /** The reply so far. */
  readonly reply: string;
  /** Why it was not sent, or has no reply. */
  readonly problem: string | null;
  /** An ISO date-time. */
  readonly at: string | null;
  /** It was stored under a drain. */
  readonly isHeld: boolean;
  /** A new conversation begins with it. */
  readonly isStart: boolean;
}

/** What the gateway has told the session. */
export interface Notice {
  readonly key: string;
  readonly text: string;
  /** The key of the entry before it. */
  readonly after: string | null;
}

export interface Timeline {
  /** The oldest first; those without a `seq` are the newest. */
  readonly entries: readonly Entry[];
  readonly notices: readonly Notice[];
  /** Where older turns begin; `undefined` before the first page, `null` when there are none. */
  readonly before: number | null | undefined;
}

export const EMPTY: Timeline = { entries: [], notices: [], before: undefined };

const MAX_NOTICES = 50;

const STATES: Record<TurnStatus, EntryState> = {
  accepted: 'waiting',
  running: 'running',
  done: 'done',
  failed: 'failed',
  interrupted: 'interrupted',
};

export interface NewMessage {
  readonly messageId: string;
  readonly text: string;
  readonly pictures: readonly Picture[];
  readonly at: string;
}

/** A person has written a message. */
export function written(timeline: Timeline, { messageId, text, pictures, at }: NewMessage): Timeline {
  const entry: Entry = { ...BLANK, key: messageId, messageId, text, pictures, at };
  return { ...timeline, entries: [...timeline.entries, entry] };
}

/** The gateway has stored the message. */
export function stored(timeline: Timeline, messageId: string, view: TurnView): Timeline {
  return change(timeline, messageId, (entry) =>
    // Its end may have been told before.
    isOver(entry) ? { ...entry, turnId: view.turn_id } : { ...entry, ...outcomeOf(view), isHeld: view.queued === true },
  );
}

/** The message is not sent again by itself. */
export function unsent(timeline: Timeline, messageId: string, problem: string): Timeline {
  return change(timeline, messageId, (entry) => ({ ...entry, state: 'unsent', problem }));
}

/** The message is on its way, again. @param problem why it takes long. */
export function sending(timeline: Timeline, messageId: string, problem: string | null = null): Timeline {
  return change(timeline, messageId, (entry) => ({ ...entry, state: 'sending', problem }));
}

/** A person has withdrawn a message that was not sent. */
export function withdrawn(timeline: Timeline, messageId: string): Timeline {
  return {
    ...timeline,
    entries: timeline.entries.filter((entry) => entry.key !== messageId || entry.state !== 'unsent'),
  };
}

/** The reply of a turn has grown. */
export function streamed(timeline: Timeline, turnId: string, reply: string): Timeline {
  return changeTurn(timeline, turnId, (entry) => (isOver(entry) ? entry : { ...entry, state: 'running', reply }));
}

/** The gateway has told how a turn is, or has ended. */
export function told(timeline: Timeline, view: TurnView): Timeline {
  return changeTurn(timeline, view.turn_id, (entry) =>
    isOver(entry) ? entry : { ...entry, ...outcomeOf(view, entry) },
  );
}

/** The gateway has sent a notice. */
export function noticed(timeline: Timeline, key: string, text: string): Timeline {
  if (timeline.notices.some((notice) => notice.key === key)) return timeline;
  const notice = { key, text, after: timeline.entries.at(-1)?.key ?? null };
  return { ...timeline, notices: [...timeline.notices, notice].slice(-MAX_NOTICES) };
}

/**
 * A page of the history, by default the newest one. What is known already is updated. Known turns far before the newest
 * ones are dropped: turns between them are missing.
 */
export function withPage(timeline: Timeline, page: HistoryPage, isOlder = false): Timeline {
  const isGap = !isOlder && page.next_before !== null && !touches(timeline, page);
  const rest = timeline.entries.filter(({ seq }) => !isGap || seq === null);
  const found = page.turns.map((turn) => {
    const index = rest.findIndex((entry) => isOf(entry, turn));
    const [known] = index < 0 ? [] : rest.splice(index, 1);
    return entryOf(turn, known);
  });
  const entries = [...found, ...rest].sort(bySeq);
  const isNew = timeline.before === undefined || isGap;
  return { ...timeline, entries, before: isNew || isOlder ? page.next_before : timeline.before };
}

/** The gateway has another journal: of the turns, only messages that it has not confirmed are left. */
export function forgotten({ entries }: Timeline): Timeline {
  return { ...EMPTY, entries: entries.filter(({ turnId }) => turnId === null) };
}

/** Whether a turn is in it. */
export function knows({ entries }: Timeline, turnId: string): boolean {
  return entries.some((entry) => entry.turnId === turnId);
}

/** The turn that runs, or the next one that does. */
export function currentTurn({ entries }: Timeline): string | null {
  return entries.find(isOpen)?.turnId ?? null;
}

/** How many messages are answered before this one. */
export function placeOf({ entries }: Timeline, key: string): number {
  return entries
    .slice(
      0,
      entries.findIndex((entry) => entry.key === key),
    )
    .filter(isOpen).length;
}

/** The next message that waits to be sent. */
export function nextToSend({ entries }: Timeline): Entry | undefined {
  return entries.find(({ state }) => state === 'sending');
}

/** Whether it is stored and has not ended. */
export function isOpen({ state }: Pick<Entry, 'state'>): boolean {
  return state === 'waiting' || state === 'running';
}

const BLANK: Omit<Entry, 'key'> = {
  messageId: null,
  turnId: null,
  seq: null,
  text: '',
  pictures: [],
  state: 'sending',
  reply: '',
  problem: null,
  at: null,
  isHeld: false,
  isStart: false,
};

function isOver({ state }: Entry): boolean {
  return state === 'done' || state === 'failed' || state === 'interrupted';
}

/** Whether no turn is missing between the known ones and the page. */
function touches({ entries }: Timeline, { turns }: HistoryPage): boolean {
  return (
    entries.every(({ seq }) => seq === null) || entries.some((entry) => turns.some((turn) => entry.seq === turn.seq))
  );
}

function isOf(entry: Entry, { turn_id, message_id }: PastTurnView): boolean {
  return entry.turnId === turn_id || (message_id !== null && entry.messageId === message_id);
}

function entryOf(turn: PastTurnView, known: Entry | undefined): Entry {
  const { turn_id, message_id, text, accepted_at, conversation, seq } = turn;
  return {
    ...BLANK,
    key: message_id ?? turn_id,
    text,
    ...known,
    messageId: message_id,
    seq,
    at: accepted_at,
    isStart: conversation === 'start',
    ...outcomeOf(turn, known),
  };
}

/** What a view says. While the turn runs, the reply so far stays. */
function outcomeOf({ turn_id, status, reply, partial_reply, problem }: TurnView, known?: Entry) {
  const said = reply ?? partial_reply ?? known?.reply ?? '';
  return { turnId: turn_id, state: STATES[status], reply: said, problem: problem ?? null };
}

function bySeq(one: Entry, other: Entry): number {
  if (one.seq === null || other.seq === null) return Number(one.seq === null) - Number(other.seq === null);
  return one.seq - other.seq;
}

function change(timeline: Timeline, key: string, next: (entry: Entry) => Entry): Timeline {
  return { ...timeline, entries: timeline.entries.map((entry) => (entry.key === key ? next(entry) : entry)) };
}

function changeTurn(timeline: Timeline, turnId: string, next: (entry: Entry) => Entry): Timeline {
  return { ...timeline, entries: timeline.entries.map((entry) => (entry.turnId === turnId ? next(entry) : entry)) };
}
