import { EventEmitter } from 'node:events';
import { withTimeout } from '@hermes/service-kit';
import type { StorageCheck } from '../../storage/storage-watch.ts';
import type { Journal } from '../journal.ts';
import type { PrunableTable, PruneResult, PruneStep } from '../pruning.ts';
import { Connections, hangUp } from './connection.ts';
import { PostgresDeliveryStore } from './delivery-store.ts';
import { PostgresEventStore } from './event-store.ts';
import { PostgresFleet } from './fleet.ts';
import { Membership } from './membership.ts';
import { channelOf, OutgoingNews } from './news.ts';
import { PostgresNoticeStore } from './notice-store.ts';
import { Operations } from './operations.ts';
import { DEFAULT_TIMES, type PostgresOptions } from './options.ts';
import { Reads } from './reads.ts';
import { prepareSchema, requireSession } from './schema.ts';
import { isOfServer, problemOf, startupError } from './server-error.ts';
import { Takeover } from './takeover.ts';
import { PostgresTurnStore } from './turn-store.ts';
import { Watcher, watchedBy } from './watcher.ts';
import { Writer } from './writer.ts';

/** How often a journal with a problem is probed at most, in ms. */
const PROBE_INTERVAL_MS = 1_000;

/** Bound on leaving the other gateways in order, in ms. */
const CLOSE_MS = 10_000;

/**
 * The journal on a PostgreSQL server, which several gateways share. Emits `failure` with every error of the server or
 * the connection, before the call rejects. As a {@link StorageCheck}, it reports whether the journal can be written.
 *
 * A write rejects with the code `ERR_OUTCOME_UNKNOWN` if the connection breaks during its commit and is not back within
 * the hold time: it may have taken effect. The fleet emits `lost` before: the running turns are then taken over.
 */
export class PostgresJournal extends EventEmitter<{ failure: [unknown] }> implements Journal, StorageCheck {
  readonly part = 'journal';
  readonly fleet: PostgresFleet;
  readonly #options: PostgresOptions;
  readonly #connections: Connections;
  readonly #reads: Reads;
  readonly #writer: Writer;
  readonly #operations: Operations;
  readonly #membership: Membership;
  readonly #news: OutgoingNews;
  readonly #watcher: Watcher;
  readonly #takeover: Takeover;
  readonly #turns: PostgresTurnStore;
  readonly #events: PostgresEventStore;
  readonly #notices: PostgresNoticeStore;
  readonly #deliveries: PostgresDeliveryStore;
  #failure: string | undefined;
  #probing: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: PostgresOptions) {
    super();
    const times = { ...DEFAULT_TIMES, ...options.times };
    const connections = new Connections(options, times);
    this.#options = options;
    this.#connections = connections;
    const membership = new Membership(options, times, connections);
    const reads = new Reads(connections);
    this.#membership = membership;
    this.#reads = reads;
    this.#writer = new Writer({
      connections,
      times,
      owner: () => this.#owner(),
      beforeAnswer: () => reads.settled(),
      onAbandoned: (owner, problem) => membership.abandon(owner, problem),
      onFailure: (error) => this.#failed(error),
      onSuccess: () => {
        this.#failure = undefined;
      },
    });
    this.#operations = new Operations({
      write: (operation) => this.#writer.write(operation),
      owner: () => this.#owner(),
      isOwner: (owner) => owner === membership.owner,
      onCommitted: (operation, result) => this.fleet.announce(operation, result),
    });
    this.#news = new OutgoingNews({
      send: (payloads) =>
        reads.query('select pg_notify($1, payload) from unnest($2::text[]) as payload', [
          channelOf(options.schema),
          payloads,
        ]),
      hasPeers: () => membership.members.length > 1,
      owner: () => membership.owner,
    });
    const onLost = (owner: string, aborted: Promise<unknown>) => this.#takeover.takeBack(owner, aborted);
    this.fleet = new PostgresFleet({
      name: options.name,
      operations: this.#operations,
      reads,
      membership,
      news: this.#news,
      onLost,
    });
    this.#takeover = new Takeover({
      reads,
      times,
      owner: () => (membership.problem === undefined ? membership.owner : undefined),
      steadyMs: () => membership.steadyMs,
      unbrokenMs: () => membership.unbrokenMs,
      onAdopted: (turns) => this.fleet.emit('adopted', turns),
      onGone: () => this.#gatewaysChanged(),
    });
    this.#watcher = new Watcher({
      connections,
      times,
      cancel: (pid) => reads.query('select pg_cancel_backend($1)', [pid]),
      onVanished: () => this.#takeover.look(),
    });
    membership.on('members', () => this.#watcher.watch(watchedBy(membership.owner, membership.members)));
    membership.on('joined', () => {
      this.#news.tell({ kind: 'gateways' });
      void this.#takeover.look();
    });
    membership.on('broken', (error) => this.emit('failure', error));
    this.#turns = new PostgresTurnStore(this.#operations, reads, options.name);
    this.#events = new PostgresEventStore(this.#operations, reads);
    this.#notices = new PostgresNoticeStore(this.#operations, reads, options.name);
    this.#deliveries = new PostgresDeliveryStore(this.#operations, reads);
  }

  /**
   * Connects to the server, brings the schema to the current version, joins the other gateways, and takes over the
   * running turns of those that are gone. @throws StartupError. After a temporary failure, the call can be repeated.
   */
  async open(): Promise<void> {
    try {
      await this.#prepareSchema();
      await this.#membership.open();
      // A role that may not write is found now, and not at the first message.
      await this.probe();
      await this.#takeover.adopt();
      this.#takeover.start();
      this.#news.tell({ kind: 'gateways' });
    } catch (error) {
      throw startupError(error);
    }
  }

  readonly accept: Journal['accept'] = (turn) => this.#turns.accept(turn);
  readonly start: Journal['start'] = (id, at) => this.#turns.start(id, at);
  readonly recordAgentProcess: Journal['recordAgentProcess'] = (id, process) =>
    this.#turns.recordAgentProcess(id, process);
  readonly end: Journal['end'] = (id, end, announcement) => this.#turns.end(id, end, announcement);
  readonly answer: Journal['answer'] = (turn, announcement, drain) => this.#turns.answer(turn, announcement, drain);
  readonly find: Journal['find'] = (id) => this.#turns.find(id);
  readonly findMessage: Journal['findMessage'] = (session, messageId) => this.#turns.findMessage(session, messageId);
  readonly revise: Journal['revise'] = (id, content) => this.#turns.revise(id, content);
  readonly moveSession: Journal['moveSession'] = (from, to) => this.#turns.moveSession(from, to);
  readonly history: Journal['history'] = (id, limits) => this.#turns.history(id, limits);
  readonly cutOffTurns: Journal['cutOffTurns'] = () => this.#turns.cutOffTurns();
  readonly unfinished: Journal['unfinished'] = (after, limit) => this.#turns.unfinished(after, limit);
  readonly turns: Journal['turns'] = (query) => this.#turns.turns(query);

  readonly announce: Journal['announce'] = (announcement) => this.#events.announce(announcement);
  readonly lastEventSeq: Journal['lastEventSeq'] = (session) => this.#events.lastEventSeq(session);
  readonly eventsAfter: Journal['eventsAfter'] = (session, seq, limit, maxBytes) =>
    this.#events.eventsAfter(session, seq, limit, maxBytes);

  readonly recordNoticeOnce: Journal['recordNoticeOnce'] = (session, drain, announcement) =>
    this.#notices.recordNoticeOnce(session, drain, announcement);
  readonly notifiedDrain: Journal['notifiedDrain'] = () => this.#notices.notifiedDrain();
  readonly notifiedSessions: Journal['notifiedSessions'] = (after, limit) =>
    this.#notices.notifiedSessions(after, limit);
  readonly recordDrainEnd: Journal['recordDrainEnd'] = (session, announcement) =>
    this.#notices.recordDrainEnd(session, announcement);

  readonly deliveries: Journal['deliveries'] = (channel) => this.#deliveries.deliveries(channel);
  readonly countDeliveries: Journal['countDeliveries'] = (channel) => this.#deliveries.countDeliveries(channel);
  readonly nextDeliveries: Journal['nextDeliveries'] = (channel, limit) =>
    this.#deliveries.nextDeliveries(channel, limit);
  readonly findDelivery: Journal['findDelivery'] = (seq) => this.#deliveries.findDelivery(seq);
  readonly delivered: Journal['delivered'] = (seq) => this.#deliveries.delivered(seq);
  readonly deliveryFailed: Journal['deliveryFailed'] = (seq, nextAt, error) =>
    this.#deliveries.deliveryFailed(seq, nextAt, error);

  get commits(): number {
    return this.#writer.commits;
  }

  async identity(): Promise<string> {
    const [row] = await this.#reads.query('select id from identity');
    return row?.id as string;
  }

  async prune(table: PrunableTable, { before, now, after, limit }: PruneStep): Promise<PruneResult> {
    const operation = { op: 'prune', table, before: Math.floor(before), now, after, limit };
    const { result } = await this.#operations.run(operation);
    return { forgotten: result.forgotten as number, next: result.next as number | null };
  }

  async probe(): Promise<void> {
    await this.#operations.run({ op: 'probe' });
  }

  problem(): string | undefined {
    const problem = this.#membership.problem ?? this.#failure;
    if (problem !== undefined) this.#probe();
    return problem;
  }

  close(): Promise<void> {
    this.#closing ??= withTimeout(this.#close(), CLOSE_MS, () => undefined);
    return this.#closing;
  }

  async #prepareSchema(): Promise<void> {
    const client = await this.#connections.open();
    const other = await this.#connections.open().catch((error) => {
      hangUp(client);
      throw error;
    });
    try {
      await requireSession(client, other);
      await prepareSchema(client, this.#options.schema);
    } finally {
      for (const one of [client, other]) hangUp(one);
    }
  }

  async #close(): Promise<void> {
    await this.#writer.close();
    this.#watcher.close();
    await this.#takeover.close();
    await this.#membership.close();
    this.#news.tell({ kind: 'gateways' });
    await this.#news.flushed();
    await this.#reads.close();
  }

  #owner(): string {
    const { owner, problem } = this.#membership;
    if (owner === undefined) throw new Error(problem ?? 'this gateway joins the other gateways again; try again');
    return owner;
  }

  #gatewaysChanged(): void {
    void this.#membership.refresh().catch(() => undefined);
    this.#news.tell({ kind: 'gateways' });
    this.fleet.emit('waiting');
  }

  #failed(error: unknown): void {
    if (isOfServer(error)) this.#failure = problemOf(error);
    this.emit('failure', error);
  }

  /** Detects recovery. */
  #probe(): void {
    this.#probing ??= this.probe()
      .catch(() => undefined)
      .then(() => {
        setTimeout(() => {
          this.#probing = undefined;
        }, PROBE_INTERVAL_MS).unref();
      });
  }
}
