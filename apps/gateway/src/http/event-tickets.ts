import { hash, randomBytes } from 'node:crypto';

/** Random bytes of a ticket: enough that it cannot be guessed. */
const TICKET_BYTES = 32;

export interface EventTicketOptions {
  /** How long a ticket is valid after its issue, and again after the end of each stream, in ms. */
  readonly ttlMs?: number | undefined;
  /** The hard maximum from its issue on, in ms: its streams end then, and it opens no more. */
  readonly maxMs?: number | undefined;
  /** Maximum number of valid tickets. */
  readonly max?: number | undefined;
  /** Maximum number of open streams per ticket. */
  readonly maxStreams?: number | undefined;
  /** A monotonic clock, in ms. */
  readonly now?: (() => number) | undefined;
}

/** The default limits. */
export const TICKET_LIMITS = { ttlMs: 60_000, maxMs: 3_600_000, max: 10_000, maxStreams: 4 } as const;

/** A stream of a ticket, as far as the ticket needs it. */
export interface TicketStream {
  /** Aborts when the client has disconnected. */
  readonly left: AbortSignal;
  close(): void;
}

/**
 * Tickets for the event stream of one session, for clients that cannot send a header, such as the `EventSource` of a
 * browser. They are in memory only: a restart invalidates them.
 */
export class EventTickets {
  readonly #limits: TicketLimits;
  /**
   * By the SHA-256 of the ticket: the time of a look-up reveals at most something about hashes, and a client cannot
   * choose a ticket by its hash.
   */
  readonly #tickets = new Map<string, EventTicket>();

  constructor({ ttlMs, maxMs, max, maxStreams, now }: EventTicketOptions = {}) {
    this.#limits = {
      ttlMs: ttlMs ?? TICKET_LIMITS.ttlMs,
      maxMs: maxMs ?? TICKET_LIMITS.maxMs,
      max: max ?? TICKET_LIMITS.max,
      maxStreams: maxStreams ?? TICKET_LIMITS.maxStreams,
      now: now ?? (() => performance.now()),
    };
  }

  /** Maximum number of valid tickets. */
  get max(): number {
    return this.#limits.max;
  }

  /** How long a new ticket is valid, in ms. */
  get ttlMs(): number {
    return this.#limits.ttlMs;
  }

  /** @returns a new ticket for the events of `session`; `undefined` if too many are valid. */
  issue(session: string): string | undefined {
    if (this.#tickets.size >= this.#limits.max) this.#sweep();
    if (this.#tickets.size >= this.#limits.max) return undefined;
    const text = newTicket();
    this.#tickets.set(keyOf(text), new EventTicket(session, this.#limits));
    return text;
  }

  /** The valid ticket `text`, if it is for the events of `session`. */
  find(text: string, session: string): EventTicket | undefined {
    const ticket = this.#tickets.get(keyOf(text));
    return ticket?.isValid && ticket.session === session ? ticket : undefined;
  }

  #sweep(): void {
    for (const [key, ticket] of this.#tickets) if (!ticket.isValid) this.#tickets.delete(key);
  }
}

/** An issued ticket. It can be reused while it is valid: an `EventSource` reconnects with the same URL. */
export class EventTicket {
  readonly session: string;
  readonly #limits: TicketLimits;
  readonly #endsAt: number;
  #expiresAt: number;
  /** The oldest first. */
  readonly #streams = new Set<TicketStream>();

  constructor(session: string, limits: TicketLimits) {
    this.session = session;
    this.#limits = limits;
    this.#endsAt = limits.now() + limits.maxMs;
    this.#expiresAt = limits.now() + limits.ttlMs;
  }

  /** Whether it opens a stream: while one is open or it has not expired, and never after its hard maximum. */
  get isValid(): boolean {
    const now = this.#limits.now();
    return now < this.#endsAt && (this.#streams.size > 0 || now < this.#expiresAt);
  }

  /**
   * Records that it has opened `stream`. Ends `stream` at the hard maximum, or the oldest one if there are too many.
   */
  opened(stream: TicketStream): void {
    const { now, ttlMs, maxStreams } = this.#limits;
    if (stream.left.aborted) return;
    this.#streams.add(stream);
    const end = setTimeout(() => stream.close(), this.#endsAt - now());
    end.unref();
    const onLeft = () => {
      clearTimeout(end);
      this.#streams.delete(stream);
      this.#expiresAt = now() + ttlMs;
    };
    stream.left.addEventListener('abort', onLeft, { once: true });
    const [oldest] = this.#streams;
    if (this.#streams.size > maxStreams) oldest?.close();
  }
}

/** A text that cannot be guessed and needs no escapes in a URL. */
export function newTicket(): string {
  return randomBytes(TICKET_BYTES).toString('base64url');
}

interface TicketLimits {
  readonly ttlMs: number;
  readonly maxMs: number;
  readonly max: number;
  readonly maxStreams: number;
  readonly now: () => number;
}

function keyOf(text: string): string {
  return hash('sha256', text, 'base64url');
}
