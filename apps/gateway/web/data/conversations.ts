import { v4 as uuidv4 } from 'uuid';
import type { Api } from './api.ts';
import { Conversation } from './conversation.ts';

export interface ConversationsParts {
  readonly api: Api;
  onUnauthorized(): void;
  onNotice(): void;
}

/** The conversations that this page has shown. One that is not shown only sends what is on its way. */
export class Conversations {
  readonly #parts: ConversationsParts;
  readonly #all = new Map<string, Conversation>();

  constructor(parts: ConversationsParts) {
    this.#parts = parts;
  }

  get isSending(): boolean {
    return [...this.#all.values()].some((conversation) => conversation.isSending);
  }

  of(session: string): Conversation {
    const known = this.#all.get(session);
    if (known) return known;
    // `crypto.randomUUID` is missing on a page without TLS.
    const conversation = new Conversation({ ...this.#parts, session, newId: () => uuidv4() });
    this.#all.set(session, conversation);
    return conversation;
  }

  close(): void {
    for (const conversation of this.#all.values()) conversation.close();
    this.#all.clear();
  }
}

/** A name for a new session. */
export function newSession(): string {
  return `chat-${uuidv4()}`;
}
