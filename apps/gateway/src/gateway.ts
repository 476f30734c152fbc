import { type DrainVerdict, type GatewayExit, isDrainHeld } from '@hermes/drain-contract';
import type { Logger } from '@hermes/service-kit';
import type { Agent } from './agents/agent.ts';
import type { Channel, PushTakers } from './channels/channel.ts';
import { ChannelManager } from './channels/channel-manager.ts';
import { ChannelStatuses } from './channels/channel-statuses.ts';
import type { ChatCommands } from './chat/chat-commands.ts';
import { type ChatOptions, createChat } from './chat/create.ts';
import { endRestartDrain, Restart } from './chat/restart.ts';
import { Drainable } from './drainable/drainable.ts';
import { EventHub } from './events/event-hub.ts';
import type { Gate } from './gate/gate.ts';
import type { GatewayStatus } from './http/gateway-status.ts';
import type { ProbeReadings } from './http/probes.ts';
import type { Fleet } from './journal/fleet.ts';
import type { Journal } from './journal/journal.ts';
import type { Lifecycle } from './lifecycle/lifecycle.ts';
import { EventComposer } from './notices/event-composer.ts';
import { Notices } from './notices/notices.ts';
import type { GatewayIdentity } from './state/snapshot.ts';
import type { StorageHealth } from './storage/storage-health.ts';
import type { StorageCheck } from './storage/storage-watch.ts';
import type { OnDrain } from './turns/admission.ts';
import type { ConversationRules } from './turns/conversations.ts';
import { TurnEngine } from './turns/engine.ts';
import { channelEvents, receiverOf } from './turns/receive.ts';
import { recover } from './turns/recovery.ts';
import type { Turn } from './turns/turn.ts';

/** Retry delay for notices about the end of a drain that could not be stored, in ms. */
const BACK_RETRY_MS = 1_000;

/** The parts and settings of a gateway. */
export interface GatewayOptions {
  readonly home: string;
  readonly identity: GatewayIdentity;
  readonly agent: Agent;
  readonly journal: Journal;
  readonly channels: readonly Channel[];
  readonly onDrain: OnDrain;
  /** Default: each message stands alone. */
  readonly conversation?: ConversationRules | undefined;
  /**
   * Ends the processes that agents of another gateway have started for these turns, if they run on this machine. Never
   * rejects. Default: there are none.
   */
  readonly endOrphans?: (turns: readonly string[]) => Promise<unknown>;
  /** Further checks of the home, besides the home itself. Default: none. */
  readonly checks?: readonly StorageCheck[];
  /** Default: no operators, no audit and no supervisor. */
  readonly chat?: ChatOptions | undefined;
  readonly log: Logger;
}

/** A gateway without its HTTP server: what makes it drainable, turns and channels, wired together. */
export class Gateway {
  readonly lifecycle: Lifecycle;
  readonly storage: StorageHealth;
  readonly gate: Gate;
  readonly engine: TurnEngine;
  readonly hub: EventHub;
  readonly notices: Notices;
  readonly channelManager: ChannelManager;
  readonly channelStatuses: ChannelStatuses;
  /** Answers commands, and passes other messages to the engine. */
  readonly chat: ChatCommands;
  readonly restart: Restart;
  /** What channels pass their messages to. */
  readonly takers: PushTakers;
  /** Base URL of the API once it listens. */
  endpoint: string | null = null;
  readonly #options: GatewayOptions;
  readonly #drainable: Drainable;

  constructor(options: GatewayOptions) {
    const { home, identity, agent, journal, channels, checks, onDrain, conversation, log } = options;
    this.#options = options;
    const readings = () => this.#readings();
    this.#drainable = new Drainable({ home, identity, readings, log, ...(checks && { checks }) });
    const { lifecycle, storage, gate } = this.#drainable;
    this.lifecycle = lifecycle;
    this.storage = storage;
    this.gate = gate;
    this.hub = new EventHub(journal);
    const isOpen = () => lifecycle.state === 'running';
    this.channelManager = new ChannelManager({ channels, journal, isOpen, log });
    this.channelStatuses = new ChannelStatuses(channels, journal, () => this.#drainable.readingsChanged());
    const eventComposer = new EventComposer(this.hub, this.channelManager.outboxes);
    this.notices = new Notices(journal, eventComposer, log);
    const { notices } = this;
    this.engine = new TurnEngine({
      gate,
      agent,
      journal,
      eventComposer,
      notices,
      storage,
      onDrain,
      conversation,
      log,
    });
    this.restart = new Restart(gate, lifecycle);
    const readVerdict = () => this.#drainable.look();
    const { engine, restart } = this;
    this.chat = createChat({ ...options, engine, gate, lifecycle, restart, eventComposer, readVerdict });
    this.takers = { receive: receiverOf(this.chat, journal), events: channelEvents(engine, journal) };
    if (journal.fleet) this.#followPeers(journal.fleet, eventComposer);
    this.#followDrainable();
  }

  /** The data for the probes. */
  get readings(): ProbeReadings {
    return { ...this.#drainable.readiness, queued: this.engine.queued, channels: this.channelStatuses.all };
  }

  /** What a person who writes to the gateway needs to know of it. */
  get status(): GatewayStatus {
    const { state, active, queued, storageProblem } = this.readings;
    const verdict = this.#drainable.look();
    const since = this.#drainable.drainingSince;
    return { state, active, queued, storageProblem, verdict, since, onDrain: this.#options.onDrain };
  }

  /**
   * Whether a drain with a lead time is announced or in force: its clients come through something that has left this
   * gateway, except on connections that are open already.
   */
  get isLeaving(): boolean {
    const { verdict } = this;
    return isDrainHeld(verdict) && verdict.request.refuse_after !== null;
  }

  /** The current drain, as of the last read. */
  get verdict(): DrainVerdict {
    return this.#drainable.verdict;
  }

  /**
   * Recovers the turns of the previous process, reads the marker for the first time, and opens unless that requests a
   * drain. Until `orphansEnded` resolves, the gateway stays in the state starting.
   * @returns whether it has opened: not if orphans are left.
   */
  async open(orphansEnded: Promise<boolean> = Promise.resolve(true)): Promise<boolean> {
    this.#drainable.beat();
    if (!(await orphansEnded)) return false;
    const { home, journal, log } = this.#options;
    await recover(this.engine, journal);
    await endRestartDrain(home, journal, log);
    this.#drainable.open(await journal.notifiedDrain());
    if (this.verdict.active) this.engine.resume();
    this.channelManager.start(this.takers.receive, this.takers.events);
    return true;
  }

  /** See {@link Drainable.announce}. */
  announce(): Promise<void> {
    return this.#drainable.announce();
  }

  /** The problem that delays the start, for readers of its state; `undefined` after it has passed. */
  set startProblem(problem: string | undefined) {
    this.#drainable.startProblem = problem;
  }

  /** Closes the gate for good. */
  stop(): void {
    this.#drainable.stop();
  }

  /** Publishes the end. The last write of the state. */
  close(event: 'closed' | 'fail', exit: GatewayExit): Promise<void> {
    return this.#drainable.close(event, exit);
  }

  /** Resolves when all changes so far are on disk, or could not be written. */
  published(): Promise<void> {
    return this.#drainable.published();
  }

  /** Checks the home and its content, and reports the problems. */
  checkStorage(): void {
    this.#drainable.checkStorage();
  }

  /** Writes the current state. @throws ContractError */
  publish(): Promise<void> {
    return this.#drainable.publish();
  }

  /** Not a request of the OpenAI API that uses the session of a chat: its answer is not for people. */
  #show(turn: Turn): void {
    const { session, conversation } = turn.message;
    const channel = conversation === 'exchange' ? this.channelManager.followerOf(session) : undefined;
    const chunks = (signal: AbortSignal) => turn.chunks(signal);
    channel?.follow?.({ id: turn.id, session, whenOver: turn.whenOver, chunks });
  }

  #readings() {
    const { fleet } = this.#options.journal;
    return {
      endpoint: this.endpoint,
      queued: this.engine.queued,
      channels: this.channelStatuses.all,
      shared: fleet && { name: fleet.name, others: fleet.others, takers: fleet.takers },
    };
  }

  #followDrainable(): void {
    const { engine, lifecycle, storage } = this;
    this.#drainable.on('released', () => this.#release());
    this.#drainable.on('beat', () => void this.channelStatuses.refresh());
    // Queued turns were not admitted in the meantime.
    storage.on('change', (problem) => {
      if (problem === undefined) engine.resume();
    });
    if (this.#options.channels.some(({ follow }) => follow !== undefined))
      engine.on('started', (turn) => this.#show(turn));
    engine.on('queued', () => this.#drainable.readingsChanged());
    engine.on('refused', () => this.#drainable.countRefusal());
    // Before the state is composed that tells of the transition.
    lifecycle.prependListener('transition', ({ to }) => {
      if (to !== 'running') engine.pause();
    });
  }

  /** Learns from the other gateways of the journal what they have stored, and takes over from those that are gone. */
  #followPeers(fleet: Fleet, eventComposer: EventComposer): void {
    const { endOrphans } = this.#options;
    fleet.on('news', (sessions) => {
      for (const session of sessions) eventComposer.stored(session);
    });
    fleet.on('resync', () => {
      this.hub.publishAll();
      for (const outbox of this.channelManager.outboxes.values()) outbox.wake();
    });
    fleet.on('adopted', async (turns) => {
      await endOrphans?.(turns.map(({ id }) => id));
      this.engine.takeOver(turns);
    });
  }

  /** No drain is in force: starts queued turns, and notifies the sessions with a drain notice of its end. */
  #release(): void {
    if (this.lifecycle.state !== 'running') return;
    this.engine.resume();
    void this.#recordDrainEnd();
  }

  /** Retries until the notice is stored for every session that was notified of the drain. */
  async #recordDrainEnd(): Promise<void> {
    const isTold = await this.notices.released();
    if (!isTold) setTimeout(() => this.#release(), BACK_RETRY_MS).unref();
  }
}
