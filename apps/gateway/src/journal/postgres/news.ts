import { createHash } from 'node:crypto';
import type { ReplyPiece } from '../fleet.ts';

/** Maximum bytes of a notification; the limit of PostgreSQL is 8000. */
const MAX_PAYLOAD_BYTES = 7_500;

/** Maximum bytes of a piece of a reply in one notification, and of all pieces that wait. */
const MAX_PIECE_BYTES = 6_000;
const MAX_WAITING_BYTES = 256 * 1_024;

/** Sessions that wait to be announced, at most: for more, the other gateways look at everything. */
const MAX_SESSIONS = 5_000;

/** What a gateway tells the others. */
export type News =
  | { readonly kind: 'sessions'; readonly sessions: readonly string[] }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'resync' }
  | { readonly kind: 'gateways' }
  | { readonly kind: 'watch'; readonly turn: string }
  | { readonly kind: 'interrupt'; readonly turn: string; readonly why: string }
  | ({ readonly kind: 'piece' } & ReplyPiece);

/** The channel of the notifications of a schema. */
export function channelOf(schema: string): string {
  return `hermes_${createHash('sha256').update(schema).digest('hex').slice(0, 32)}`;
}

export interface OutgoingNewsParts {
  /** Sends notifications. */
  send(payloads: readonly string[]): Promise<unknown>;
  /** Whether another gateway listens. */
  hasPeers(): boolean;
  /** The sender. */
  owner(): string | undefined;
}

/**
 * Sends news to the other gateways, outside of the commits. What comes while a notification is in flight is sent together
 * afterwards. News is lost when it cannot be sent.
 */
export class OutgoingNews {
  readonly #parts: OutgoingNewsParts;
  readonly #sessions = new Set<string>();
  #others: News[] = [];
  #bytes = 0;
  #isWaiting = false;
  #sending: Promise<void> | undefined;

  constructor(parts: OutgoingNewsParts) {
    this.#parts = parts;
  }

  /** Something changed in a session. */
  ofSession(session: string): void {
    if (!this.#parts.hasPeers()) return;
    this.#sessions.add(session);
    this.#sendSoon();
  }

  /** A turn waits that no gateway runs. */
  waiting(): void {
    if (!this.#parts.hasPeers()) return;
    this.#isWaiting = true;
    this.#sendSoon();
  }

  /** Sends other news, in order. Drops it if too much waits. */
  tell(news: News): void {
    if (!this.#parts.hasPeers()) return;
    const bytes = Buffer.byteLength(JSON.stringify(news));
    if (bytes > MAX_PAYLOAD_BYTES || this.#bytes + bytes > MAX_WAITING_BYTES) return;
    this.#bytes += bytes;
    this.#others.push(news);
    this.#sendSoon();
  }

  /** Sends a piece of a reply, in parts if it is long. */
  piece(piece: ReplyPiece): void {
    let { offset } = piece;
    for (const text of partsOf(piece.text)) {
      this.tell({ kind: 'piece', ...piece, offset, text });
      offset += text.length;
    }
  }

  /** Resolves when nothing is in flight. */
  async flushed(): Promise<void> {
    await this.#sending;
  }

  #sendSoon(): void {
    this.#sending ??= this.#run();
  }

  async #run(): Promise<void> {
    await Promise.resolve();
    for (let payloads = this.#take(); payloads.length > 0; payloads = this.#take()) {
      await this.#parts.send(payloads).catch(() => undefined);
    }
    this.#sending = undefined;
  }

  #take(): string[] {
    const from = this.#parts.owner();
    const news = [...this.#takeSessions(), ...this.#others];
    if (this.#isWaiting) news.push({ kind: 'waiting' });
    this.#others = [];
    this.#bytes = 0;
    this.#isWaiting = false;
    return news.map((item) => JSON.stringify({ from, ...item }));
  }

  #takeSessions(): News[] {
    const sessions = [...this.#sessions];
    this.#sessions.clear();
    if (sessions.length > MAX_SESSIONS) return [{ kind: 'resync' }];
    return inPages(sessions).map((page) => ({ kind: 'sessions', sessions: page }));
  }
}

/** The news in a notification, with its sender; `undefined` if it is of another program or release. */
export function readNews(payload: string): (News & { readonly from: string }) | undefined {
  try {
    const news = JSON.parse(payload);
    return typeof news?.kind === 'string' ? news : undefined;
  } catch {
    return undefined;
  }
}

function inPages(sessions: readonly string[]): string[][] {
  const pages: string[][] = [];
  let room = 0;
  for (const session of sessions) {
    const bytes = Buffer.byteLength(JSON.stringify(session)) + 1;
    if (bytes > room) {
      pages.push([]);
      room = MAX_PAYLOAD_BYTES - 200;
    }
    pages.at(-1)?.push(session);
    room -= bytes;
  }
  return pages;
}

/** Splits a text into parts whose JSON fits a notification, never inside of a character. */
function* partsOf(text: string): Iterable<string> {
  let part = '';
  let bytes = 0;
  for (const character of text) {
    const size = Buffer.byteLength(JSON.stringify(character)) - 2;
    if (bytes + size > MAX_PIECE_BYTES) {
      yield part;
      part = '';
      bytes = 0;
    }
    part += character;
    bytes += size;
  }
  if (part !== '') yield part;
}
