import { EventEmitter } from 'node:events';
import type { Announcement } from '../event-store.ts';
import type { ClaimedTurn, Fleet, FleetEvents, Peer, ReplyPiece } from '../fleet.ts';
import type { TurnEnd } from '../turn-store.ts';
import type { Membership } from './membership.ts';
import { messagesOf, type News, PIECE_LENGTH } from './news.ts';
import { claimedFromRow, type TurnRow } from './rows.ts';
import { fromStored } from './stored-text.ts';
import { endWrite, type Write } from './write.ts';

export interface PostgresFleetParts {
  readonly membership: Membership;
  readonly news: News;
  query<Row extends object>(text: string, values: readonly unknown[]): Promise<Row[]>;
  write(write: Write): Promise<unknown>;
}

/** The gateways that share the journal in one schema of a database. */
export class PostgresFleet extends EventEmitter<FleetEvents> implements Fleet {
  readonly #parts: PostgresFleetParts;

  constructor(parts: PostgresFleetParts) {
    super();
    this.#parts = parts;
    const { membership } = parts;
    membership.on('notification', (payload) => this.#receive(payload));
    membership.on('rejoined', () => {
      this.emit('resync');
      this.#tellPeers();
    });
    membership.on('lost', (...loss) => this.emit('lost', ...loss));
    membership.on('adopted', (turns) => this.emit('adopted', turns));
  }

  get takers(): number {
    return this.#parts.membership.takers;
  }

  get others(): number {
    return this.#parts.membership.others;
  }

  peers(): Promise<Peer[]> {
    return this.#parts.membership.peers();
  }

  async takeTurns(doesTake: boolean): Promise<void> {
    await this.#parts.membership.takeTurns(doesTake);
    this.#tellPeers();
    if (!doesTake) this.#parts.news.waiting();
  }

  async claim(limit: number, maxBytes: number, at: number): Promise<ClaimedTurn[]> {
    const { membership, news, query } = this.#parts;
    const values = [membership.owner, limit, Math.floor(maxBytes), at];
    const rows = await query<TurnRow>('SELECT * FROM claim_1($1, $2, $3, $4)', values);
    const turns = rows.map(claimedFromRow);
    for (const { session } of turns) news.session(session);
    return turns;
  }

  async endAndClaim(
    id: string,
    end: TurnEnd,
    announcement: Announcement,
    at: number,
  ): Promise<ClaimedTurn | undefined> {
    const stored = (await this.#parts.write(endWrite(id, end, announcement, at))) as { readonly next?: TurnRow };
    return stored.next && claimedFromRow(stored.next);
  }

  async giveBack(id: string, attempts: number): Promise<void> {
    await this.#parts.write({ op: 'giveBack', id, attempts });
    this.#parts.news.waiting();
    this.emit('waiting');
  }

  async ended(turns: readonly string[]): Promise<string[]> {
    const sql = `SELECT wanted.id FROM unnest($1::text[]) AS wanted (id) LEFT JOIN turns t ON t.id = wanted.id
      WHERE t.id IS NULL OR t.ended_at IS NOT NULL`;
    const rows = await this.#parts.query<{ id: string }>(sql, [turns]);
    return rows.map(({ id }) => id);
  }

  watch(turn: string): void {
    this.#parts.news.send({ kind: 'watch', turn });
  }

  interrupt(turn: string, why: string): void {
    this.#parts.news.send({ kind: 'interrupt', turn, why });
  }

  sendPiece({ turn, attempt, offset, text }: ReplyPiece): void {
    for (let at = 0; at < text.length; at += PIECE_LENGTH) {
      const piece = { turn, attempt, offset: offset + at, text: text.slice(at, at + PIECE_LENGTH) };
      this.#parts.news.send({ kind: 'piece', ...piece });
    }
  }

  tryLease(name: string): Promise<boolean> {
    return this.#parts.membership.tryLease(name);
  }

  releaseLease(name: string): Promise<void> {
    return this.#parts.membership.releaseLease(name);
  }

  #tellPeers(): void {
    this.#parts.news.send({ kind: 'peers' });
  }

  #receive(payload: string): void {
    const { membership } = this.#parts;
    const sessions = new Set<string>();
    for (const message of messagesOf(payload, membership.owner)) {
      switch (message.kind) {
        case 'news':
          for (const session of message.sessions) sessions.add(fromStored(session));
          break;
        case 'waiting':
          this.emit('waiting');
          break;
        case 'peers':
          membership.refresh().catch(() => undefined);
          break;
        case 'watch':
          this.emit('watched', message.turn);
          break;
        case 'interrupt':
          this.emit('interrupt', message.turn, message.why);
          break;
        case 'piece':
          this.emit('piece', message);
          break;
      }
    }
    if (sessions.size > 0) this.emit('news', [...sessions]);
  }
}
