/** A session that was opened in this browser. */
export interface ListedSession {
  readonly id: string;
  /** The beginning of its first message here. */
  readonly title: string;
  /** Unix ms. */
  readonly usedAt: number;
}

const MAX_SESSIONS = 100;
const MAX_TITLE = 60;

/** The longest name of a session that the gateway takes. */
const MAX_NAME = 200;

/** What a browser has kept; anything else is dropped. */
export function parseSessions(text: string | null): ListedSession[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.filter(isListed).slice(0, MAX_SESSIONS) : [];
  } catch {
    return [];
  }
}

/** The session was used: it is the first of the list. @param text of a message; the first one is the title. */
export function used(list: readonly ListedSession[], id: string, text: string, now: number): ListedSession[] {
  const known = list.find((session) => session.id === id);
  const title = known?.title || titleOf(text);
  return [{ id, title, usedAt: now }, ...list.filter((session) => session.id !== id)].slice(0, MAX_SESSIONS);
}

export function removed(list: readonly ListedSession[], id: string): ListedSession[] {
  return list.filter((session) => session.id !== id);
}

/** Whether the gateway takes it as the name of a session. */
export function isSessionName(name: string | null): name is string {
  return name !== null && name !== '' && name.length <= MAX_NAME;
}

function titleOf(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length <= MAX_TITLE ? line : `${line.slice(0, MAX_TITLE - 1).trimEnd()}…`;
}

function isListed(value: unknown): value is ListedSession {
  const { id, title, usedAt } = (value ?? {}) as Partial<Record<keyof ListedSession, unknown>>;
  return typeof id === 'string' && isSessionName(id) && typeof title === 'string' && typeof usedAt === 'number';
}
