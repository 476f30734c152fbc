const SESSION_PREFIX = 'telegram:';

/** Where a message is: in a chat, or in a topic of it. */
export interface Place {
  readonly chat: number;
  /** `undefined` outside of topics, and in the topic General. */
  readonly topic?: number | undefined;
}

export function isTelegramSession(session: string): boolean {
  return session.startsWith(SESSION_PREFIX);
}

/** `telegram:CHAT`, or `telegram:CHAT:TOPIC`. */
export function sessionOf({ chat, topic }: Place): string {
  return `${SESSION_PREFIX}${chat}${topic === undefined ? '' : `:${topic}`}`;
}

/** @returns `undefined` for a session that is not a chat. */
export function placeOf(session: string): Place | undefined {
  const [, chat, topic] = /^telegram:(-?\d+)(?::(\d+))?$/.exec(session) ?? [];
  const place = { chat: Number(chat), topic: topic === undefined ? undefined : Number(topic) };
  const isSafe = Number.isSafeInteger(place.chat) && Number.isSafeInteger(place.topic ?? 0);
  return chat !== undefined && isSafe ? place : undefined;
}

/** The fields of a call that name a place. */
export function target({ chat, topic }: Place): { chat_id: number; message_thread_id?: number } {
  return topic === undefined ? { chat_id: chat } : { chat_id: chat, message_thread_id: topic };
}
