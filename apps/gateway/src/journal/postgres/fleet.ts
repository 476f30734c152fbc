import { EventEmitter } from 'node:events';
import type { Announcement } from '../event-store.ts';
import type { ClaimedTurn, Fleet, FleetEvents, Peer, ReplyPiece } from '../fleet.ts';
import type { TurnEnd } from '../turn-store.ts';
import type { Membership } from './membership.ts';
import { type OutgoingNews, readNews } from './news.ts';
import type { Operations } from './operations.ts';
import type { Reads, Row } from './reads.ts';
import { claimedFromRow } from './rows.ts';
import { fromStored, toStored } from './stored-text.ts';
import { endOperation, hasEnded } from './turn-store.ts';
import type { Applied, Operation } from './writer.ts';

const SQL = {
  peers: `select g.owner, g.name, g.takes_turns, (extract(epoch from g.started_at) * 1000)::bigint as started_at,
      (extract(epoch from g.seen_at) * 1000)::bigint as seen_at,
      (select count(*) from turns t where t.status = 'running' and t.owner = g.owner) as running
    from gateways g where g.gone_at is null order by g.started_at, g.owner`,
  ended: `select id from unnest($1::text[]) as asked (id)
    where not exists (select from turns t where t.id = asked.id and t.ended_at is null)`,
  lease: 'select lease_1($1, $2) as has',
  release: 'delete from leases where owner = $1 and name = $2',
} as const;

export interface PostgresFleetParts {
  readonly name: string;
  readonly operations: Operations;
  readonly reads: Reads;
  readonly membership: Membership;
  readonly news: OutgoingNews;
  /** The gateway has given `owner` up. `aborted` resolves when nothing works on its turns here. */
  onLost(owner: string, aborted: Promise<unknown>): void;
}

/** The gateways that share a journal on PostgreSQL. After a broken connection it emits `resync`. */
export class PostgresFleet extends EventEmitter<FleetEvents> implements Fleet {
  readonly #parts: PostgresFleetParts;

  constructor(parts: PostgresFleetParts) {
    super();
    this.#parts = parts;
    const { membership } = parts;
    membership.on('notification', (payload) => this.#receive(payload));
    membership.on('lost', (problem, owner) => {
      const endings: Promise<unknown>[] = [];
      this.emit('lost', problem, (ending) => endings.push(ending));
      parts.onLost(owner, Promise.all(endings));
    });
    membership.on('reconnected', () => {
      this.emit('resync');
      this.emit('waiting');
    });
  }

  get takers(): number {
    const { members, owner } = this.#parts.membership;
    return members.filter((member) => member.takesTurns && member.owner !== owner).length;
  }

  get name(): string {
    return this.#parts.name;
  }

  get owner(): string | undefined {
    return this.#parts.membership.owner;
  }

  get others(): number {
    return Math.max(0, this.#parts.membership.members.length - 1);
  }

  async peers(): Promise<Peer[]> {
    const rows = await this.#parts.reads.query(SQL.peers);
    return rows.map((row) => this.#peerFromRow(row));
  }

  async takeTurns(doesTake: boolean): Promise<void> {
    await this.#parts.membership.takeTurns(doesTake);
    this.#parts.news.tell({ kind: 'gateways' });
  }

  async claim(limit: number, maxBytes: number, at: number): Promise<ClaimedTurn[]> {
    const operation = { op: 'claim', limit, max_bytes: Math.min(maxBytes, Number.MAX_SAFE_INTEGER), at };
    return claimedIn(await this.#parts.operations.run(operation));
  }

  async endAndClaim(
    id: string,
    end: TurnEnd,
    announcement: Announcement,
    at: number,
  ): Promise<ClaimedTurn | undefined> {
    const operation = { ...endOperation(this.#parts.operations.owner(), id, end, announcement), claim_at: at };
    return claimedIn(await this.#parts.operations.ofTurn(operation, hasEnded(id)))[0];
  }

  async giveBack(id: string, attempts: number): Promise<void> {
    await this.#parts.operations.run({ op: 'give back', id: toStored(id), attempts });
  }

  async ended(turns: readonly string[]): Promise<string[]> {
    const rows = await this.#parts.reads.query(SQL.ended, [turns.map(toStored)]);
    return rows.map(({ id }) => fromStored(id as string));
  }

  watch(turn: string): void {
    this.#parts.news.tell({ kind: 'watch', turn });
  }

  interrupt(turn: string, why: string): void {
    this.#parts.news.tell({ kind: 'interrupt', turn, why });
  }

  sendPiece(piece: ReplyPiece): void {
    this.#parts.news.piece(piece);
  }

  async tryLease(name: string): Promise<boolean> {
    const { owner } = this.#parts.membership;
    if (owner === undefined) return false;
    const [row] = await this.#parts.reads.query(SQL.lease, [owner, toStored(name)]);
    return row?.has === true && owner === this.#parts.membership.owner;
  }

  async releaseLease(name: string): Promise<void> {
    const { owner } = this.#parts.membership;
    if (owner !== undefined) await this.#parts.reads.query(SQL.release, [owner, toStored(name)]);
  }

  /** Announces a committed write to the other gateways. */
  announce(operation: Operation, { session, waits, claimed }: Applied['result']): void {
    const { news } = this.#parts;
    const { announcement } = operation as { announcement?: { session: string } };
    const sessions = (claimed as Row[] | undefined)?.map((turn) => turn.session) ?? [];
    for (const changed of new Set([session, announcement?.session, ...sessions])) {
      if (typeof changed === 'string') news.ofSession(fromStored(changed));
    }
    if (waits !== true) return;
    news.waiting();
    this.emit('waiting');
  }

  #receive(payload: string): void {
    const news = readNews(payload);
    const { membership } = this.#parts;
    if (news === undefined || news.from === membership.owner) return;
    switch (news.kind) {
      case 'sessions':
        this.emit('news', news.sessions);
        break;
      case 'waiting':
      case 'resync':
        this.emit(news.kind);
        break;
      case 'gateways':
        void membership.refresh().catch(() => undefined);
        break;
      case 'watch':
        this.emit('watched', news.turn);
        break;
      case 'interrupt':
        this.emit('interrupt', news.turn, news.why);
        break;
      case 'piece': {
        const { turn, attempt, offset, text } = news;
        this.emit('piece', { turn, attempt, offset, text });
      }
    }
  }

  #peerFromRow(row: Row): Peer {
    return {
      owner: row.owner as string,
      name: row.name as string,
      isThisOne: row.owner === this.#parts.membership.owner,
      takesTurns: row.takes_turns as boolean,
      running: row.running as number,
      startedAt: row.started_at as number,
      seenAt: row.seen_at as number,
    };
  }
}

function claimedIn(applied: Applied): ClaimedTurn[] {
  return (applied.result.claimed as Row[]).map((row) => claimedFromRow(row, applied));
}
