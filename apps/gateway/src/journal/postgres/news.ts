/** A message between gateways. */
export type Message =
  | { readonly kind: 'news'; readonly sessions: readonly string[] }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'peers' }
  | { readonly kind: 'watch'; readonly turn: string }
  | { readonly kind: 'interrupt'; readonly turn: string; readonly why: string }
  | {
      readonly kind: 'piece';
      readonly turn: string;
      readonly attempt: number;
      readonly offset: number;
      readonly text: string;
    };

/** PostgreSQL takes less than 8,000 bytes. */
const PAYLOAD_BYTES = 7_500;

/** The most bytes of messages that wait. Pieces of replies beyond it are dropped. */
const QUEUE_BYTES = 262_144;

/** The most characters of a piece: each may take several bytes, and JSON may double them. */
export const PIECE_LENGTH = 1_000;

/** Sends one payload to the other gateways. */
export type Send = (payloads: readonly string[]) => Promise<unknown>;

/**
 * Sends messages to the other gateways, outside of the commits, which they would slow down. What gathers while one is
 * under way goes together. Messages may be lost: they only say "look".
 */
export class News {
  readonly #send: Send;
  readonly #sender: () => string;
  readonly #sessions = new Set<string>();
  #messages: string[] = [];
  #bytes = 0;
  #isWaiting = false;
  #isSending = false;

  /** @param sender identifies this process, so that it ignores its own messages. */
  constructor(sender: () => string, send: Send) {
    this.#sender = sender;
    this.#send = send;
  }

  /** There is news of the session. */
  session(session: string): void {
    this.#sessions.add(session);
    this.#soon();
  }

  /** Turns wait that any gateway may start. */
  waiting(): void {
    this.#isWaiting = true;
    this.#soon();
  }

  send(message: Message): void {
    const text = JSON.stringify(message);
    if (this.#bytes + text.length > QUEUE_BYTES) return;
    this.#bytes += text.length;
    this.#messages.push(text);
    this.#soon();
  }

  #soon(): void {
    if (this.#isSending) return;
    this.#isSending = true;
    setImmediate(() => void this.#run());
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    while (this.#sessions.size > 0 || this.#isWaiting || this.#messages.length > 0) {
      const payloads = this.#take();
      // A lost message is found out by the looks of the others.
      await this.#send(payloads).catch(() => undefined);
    }
    this.#isSending = false;
  }

  #take(): string[] {
    const messages = this.#messages;
    if (this.#isWaiting) messages.push(JSON.stringify({ kind: 'waiting' } satisfies Message));
    for (const session of this.#sessions)
      messages.push(JSON.stringify({ kind: 'news', sessions: [session] } satisfies Message));
    this.#messages = [];
    this.#bytes = 0;
    this.#isWaiting = false;
    this.#sessions.clear();
    return pack(messages, this.#sender());
  }
}

/** Puts as many messages into each payload as fit. */
function pack(messages: readonly string[], sender: string): string[] {
  const payloads: string[] = [];
  let part: string[] = [];
  let bytes = 0;
  const close = () => {
    if (part.length > 0) payloads.push(`{"from":"${sender}","messages":[${part.join(',')}]}`);
    part = [];
    bytes = 0;
  };
  for (const message of messages) {
    const size = Buffer.byteLength(message) + 1;
    if (bytes + size > PAYLOAD_BYTES - 100) close();
    part.push(message);
    bytes += size;
  }
  close();
  return payloads;
}

/** The messages of a payload of another gateway; none for one of this process, or for garbage. */
export function messagesOf(payload: string, self: string): readonly Message[] {
  try {
    const { from, messages } = JSON.parse(payload) as { from: string; messages: readonly Message[] };
    return from === self ? [] : messages;
  } catch {
    return [];
  }
}
