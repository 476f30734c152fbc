import type pg from 'pg';
import { connect, type DatabaseOptions, drop } from './connections.ts';

/** A gateway whose end this one waits for. */
export interface Watched {
  readonly owner: string;
  readonly lifeKey: string;
}

export interface PeerWatchParts {
  readonly database: DatabaseOptions;
  /** Called when the lock of the gateway is free: its process, or its connection, has ended. */
  onFree(peer: Watched): void;
}

/**
 * Waits for the end of one other gateway, without asking again and again: PostgreSQL grants its lock at the moment its
 * process ends. The gateways watch one another in a ring.
 */
export class PeerWatch {
  readonly #parts: PeerWatchParts;
  #client: pg.Client | undefined;
  #watched: Watched | undefined;
  #round = 0;

  constructor(parts: PeerWatchParts) {
    this.#parts = parts;
  }

  /** Watches this gateway from now on, or none. */
  watch(peer: Watched | undefined): void {
    if (peer?.owner === this.#watched?.owner) return;
    this.#watched = peer;
    this.#round += 1;
    drop(this.#client);
    this.#client = undefined;
    if (peer) void this.#wait(peer, this.#round);
  }

  /** It watches none any more, because the connection broke or the lock was free: `watch` starts again. */
  #over(round: number): void {
    if (round === this.#round) this.#watched = undefined;
  }

  /** Never rejects. */
  async #wait(peer: Watched, round: number): Promise<void> {
    let client: pg.Client | undefined;
    try {
      client = await connect(this.#parts.database, 'waiting');
      if (round !== this.#round) return drop(client);
      this.#client = client;
      await client.query('SELECT pg_advisory_lock_shared($1)', [peer.lifeKey]);
      await client.query('SELECT pg_advisory_unlock_shared($1)', [peer.lifeKey]);
      if (round === this.#round) this.#parts.onFree(peer);
    } catch {
      // The connection broke: the next round starts again.
    } finally {
      drop(client);
      this.#over(round);
    }
  }
}
