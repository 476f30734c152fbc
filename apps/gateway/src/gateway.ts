import { basename } from 'node:path';
import type { DrainObservation, DrainVerdict, GatewayExit, GatewayState } from '@hermes/drain-contract';
import { type Logger, withTimeout } from '@hermes/service-kit';
import type { Agent } from './agents/agent.ts';
import type { Channel } from './channels/channel.ts';
import { ChannelManager } from './channels/channel-manager.ts';
import { ChannelStatuses } from './channels/channel-statuses.ts';
import type { ChatCommands } from './chat/chat-commands.ts';
import { type ChatOptions, createChat } from './chat/create.ts';
import { endRestartDrain, Restart } from './chat/restart.ts';
import { MarkerProbe } from './drain/marker-probe.ts';
import { observeDrain } from './drain/observation.ts';
import { MarkerWarnings } from './drain/warnings.ts';
import { MarkerWatcher } from './drain/watcher.ts';
import { EventHub } from './events/event-hub.ts';
import { Gate } from './gate/gate.ts';
import type { ProbeReadings } from './http/probes.ts';
import type { Fleet } from './journal/fleet.ts';
import type { Journal } from './journal/journal.ts';
import { Lifecycle, type Transition } from './lifecycle/lifecycle.ts';
import { EventComposer } from './notices/event-composer.ts';
import { Notices } from './notices/notices.ts';
import { Heartbeat } from './state/heartbeat.ts';
import { StatePublisher } from './state/publisher.ts';
import { composeState, type GatewayIdentity } from './state/snapshot.ts';
import { StateFile } from './state/state-file.ts';
import { HomeDirectory } from './storage/home-directory.ts';
import { StorageHealth } from './storage/storage-health.ts';
import { type StorageCheck, StorageWatch } from './storage/storage-watch.ts';
import type { OnDrain } from './turns/admission.ts';
import type { ConversationRules } from './turns/conversations.ts';
import { TurnEngine } from './turns/engine.ts';
import { channelEvents, receiverOf } from './turns/receive.ts';
import { recover } from './turns/recovery.ts';
import type { Turn } from './turns/turn.ts';

/** Maximum delay of the log line of a transition, in ms. */
const LOG_TIMEOUT_MS = 1_000;

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

/** A gateway without its HTTP server: marker, gate, turns, channels and published state, wired together. */
export class Gateway {
  readonly lifecycle = new Lifecycle();
  readonly storage = new StorageHealth();
  readonly gate: Gate;
  readonly engine: TurnEngine;
  readonly hub: EventHub;
  readonly notices: Notices;
  readonly channelManager: ChannelManager;
  readonly channelStatuses: ChannelStatuses;
  /** Answers commands, and passes other messages to the engine. */
  readonly chat: ChatCommands;
  readonly restart: Restart;
  /** Base URL of the API once it listens. */
  endpoint: string | null = null;
  /** How it ended; set at the end. */
  exit: GatewayExit | null = null;
  readonly #options: GatewayOptions;
  readonly #home: HomeDirectory;
  readonly #watch: StorageWatch;
  readonly #probe: MarkerProbe;
  readonly #watcher: MarkerWatcher;
  readonly #publisher: StatePublisher;
  #verdict: DrainVerdict = { active: false, reason: 'absent' };
  #drain: DrainObservation | null = null;
  /** Messages refused since the drain in force began. */
  #refused = 0;
  readonly #heartbeat = new Heartbeat(() => {
    void this.channelStatuses.refresh();
    this.#publisher.transition();
  });
  readonly #stateFile: StateFile;
  #isStateProblem = false;
  #startProblem: string | undefined;

  constructor(options: GatewayOptions) {
    const { home, identity, agent, journal, channels, onDrain, conversation, log } = options;
    this.#options = options;
    this.#home = new HomeDirectory(home);
    this.#watch = new StorageWatch(this.storage, this.#home, options.checks ?? []);
    this.#logStorage();
    this.#probe = new MarkerProbe(home, identity.epoch);
    this.#watcher = new MarkerWatcher(this.#probe, log);
    this.gate = new Gate({
      state: () => this.lifecycle.state,
      readVerdict: () => this.#lookAtDoor(),
      drain: () => this.#probe.drain,
      storageProblem: () => this.#storageProblem(),
    });
    this.hub = new EventHub(journal);
    const isOpen = () => this.lifecycle.state === 'running';
    this.channelManager = new ChannelManager({ channels, journal, isOpen, log });
    this.channelStatuses = new ChannelStatuses(channels, journal, () => this.#publisher.counters());
    const eventComposer = new EventComposer(this.hub, this.channelManager.outboxes);
    this.notices = new Notices(journal, eventComposer, log);
    const { gate, notices, storage } = this;
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
    this.restart = new Restart(gate, this.lifecycle);
    const readVerdict = () => this.#probe.look();
    const { engine, lifecycle, restart } = this;
    this.chat = createChat({ ...options, engine, gate, lifecycle, restart, eventComposer, readVerdict });
    this.#stateFile = new StateFile(home, () => this.#composeState());
    this.#publisher = new StatePublisher(
      () => this.publish(),
      (error) => this.#stateFailed(error),
    );
    if (journal.fleet) this.#followPeers(journal.fleet, eventComposer);
    const warnings = new MarkerWarnings(log);
    this.#probe.on('change', (verdict) => {
      // If the home is missing, so is the marker: the current drain stays in force.
      if (verdict.reason === 'absent' && this.#watch.hasLost(basename(this.#probe.path))) return;
      warnings.consider(verdict);
      this.#follow(verdict);
    });
    this.#watch.on('back', () => this.#follow(this.#probe.look()));
    this.#probe.on('problem', (problem) => this.storage.report('marker', problem));
    this.gate.on('count', () => this.#count());
    // Queued turns were not admitted in the meantime.
    this.storage.on('change', (problem) => {
      if (problem === undefined) this.engine.resume();
    });
    if (channels.some(({ follow }) => follow !== undefined)) this.engine.on('started', (turn) => this.#show(turn));
    this.engine.on('queued', () => this.#publisher.counters());
    this.engine.on('refused', () => {
      this.#refused += 1;
      this.#publisher.counters();
    });
    this.lifecycle.on('transition', (transition) => {
      if (transition.to !== 'running') this.engine.pause();
      this.#publisher.transition();
      void this.#tell(transition);
    });
  }

  /** The data for the probes. */
  get readings(): ProbeReadings {
    this.#watch.look();
    // Not the verdict of the last read: its time may have come since.
    const isAnnounced = this.lifecycle.state === 'running' && this.#probe.look().reason === 'announced';
    return {
      state: this.lifecycle.state,
      active: this.gate.active,
      queued: this.engine.queued,
      isAnnounced,
      storageProblem: this.storage.problem,
      channels: this.channelStatuses.all,
    };
  }

  /** The current drain, as of the last read. */
  get verdict(): DrainVerdict {
    return this.#verdict;
  }

  /**
   * Recovers the turns of the previous process, reads the marker for the first time, and opens unless that requests a
   * drain. Until `orphansEnded` resolves, the gateway stays in the state starting.
   * @returns whether it has opened: not if orphans are left.
   */
  async open(orphansEnded: Promise<boolean> = Promise.resolve(true)): Promise<boolean> {
    this.#heartbeat.start();
    if (!(await orphansEnded)) return false;
    await recover(this.engine, this.#options.journal);
    await endRestartDrain(this.#options.home, this.#options.journal, this.#options.log);
    this.#probe.resume(await this.#options.journal.toldDrain());
    this.#watch.start();
    this.#watcher.start();
    if (!this.#verdict.active) {
      this.lifecycle.send('ready');
      this.#release();
    } else this.engine.resume();
    this.channelManager.start(receiverOf(this.chat), channelEvents(this.engine, this.#options.journal));
    return true;
  }

  /** Publishes that it starts, and refreshes that state until it is closed. @throws ContractError */
  async announce(): Promise<void> {
    await this.publish();
    this.#heartbeat.start();
  }

  /** The problem that delays the start, for readers of its state; `undefined` after it has passed. */
  set startProblem(problem: string | undefined) {
    if (problem === this.#startProblem) return;
    this.#startProblem = problem;
    this.#publisher.transition();
  }

  /** Closes the gate for good. */
  stop(): void {
    this.lifecycle.send('stop');
  }

  /** Publishes the end. The last write of the state. */
  async close(event: 'closed' | 'fail', exit: GatewayExit): Promise<void> {
    this.#watcher.stop();
    this.#heartbeat.stop();
    this.exit = exit;
    this.lifecycle.send(event);
    // A start that is to be retried stays in its state, and still publishes its end.
    this.#publisher.transition();
    await this.#publisher.flush();
    this.#publisher.close();
    this.#watch.stop();
    this.#home[Symbol.dispose]();
  }

  /** Resolves when all changes so far are on disk, or could not be written. */
  async published(): Promise<void> {
    await this.#publisher.flush();
  }

  /** Checks the home and its content, and reports the problems. */
  checkStorage(): void {
    this.#watch.look();
  }

  /**
   * Writes the current state, unless the home is missing: another directory may be at its path. @throws ContractError
   */
  async publish(): Promise<void> {
    if (this.#watch.isHomeGone()) return;
    await this.#stateFile.write();
    this.#statePublished();
  }

  /** Not a request of the OpenAI API that uses the session of a chat: its answer is not for people. */
  #show(turn: Turn): void {
    const { session, conversation } = turn.message;
    const channel = conversation === 'exchange' ? this.channelManager.followerOf(session) : undefined;
    const chunks = (signal: AbortSignal) => turn.chunks(signal);
    channel?.follow?.({ id: turn.id, session, whenOver: turn.whenOver, chunks });
  }

  #composeState(): GatewayState {
    const { fleet } = this.#options.journal;
    return composeState(this.#options.identity, {
      state: this.lifecycle.state,
      active: this.gate.active,
      inFlight: this.gate.inFlight(),
      drain: this.lifecycle.state === 'draining' ? this.#drain : null,
      endpoint: this.endpoint,
      exit: this.exit,
      queued: this.engine.queued,
      refused: this.#refused,
      startProblem: this.#startProblem,
      channels: this.channelStatuses.all,
      shared: fleet && { name: fleet.name, others: fleet.others, takers: fleet.takers },
      now: Date.now(),
    });
  }

  /** Refuses external turns until a write succeeds: readers could not see that they started. */
  #stateFailed(error: unknown): void {
    this.storage.report('state', `the state of the gateway cannot be published: ${(error as Error).message}`);
    if (this.#isStateProblem) return;
    this.#isStateProblem = true;
    this.#options.log.error({ err: error }, 'the state could not be published; retrying every second');
  }

  #statePublished(): void {
    if (this.#isStateProblem) this.#options.log.info('the state is published again');
    this.#isStateProblem = false;
    this.storage.report('state', undefined);
  }

  /** External turns may start again only when no reader can take the gateway for drained any more. */
  #lookAtDoor(): DrainVerdict {
    const verdict = this.#probe.look();
    if (verdict.active || !this.#stateFile.mayReadAsDrained || this.#isStateProblem) return verdict;
    if (this.#watch.isHomeGone()) return verdict;
    try {
      this.#stateFile.writeNow();
    } catch (error) {
      this.#stateFailed(error);
      this.#publisher.transition();
    }
    return verdict;
  }

  /** For the gate: checks the home now, and adds the results of the other checks. */
  #storageProblem(): string | undefined {
    this.#watch.isHomeGone();
    return this.storage.problem;
  }

  /** Logged once when a problem begins and once when it ends, not for each message. */
  #logStorage(): void {
    const { log } = this.#options;
    let logged = false;
    this.storage.on('change', (problem) => {
      if (problem === undefined) log.info('the storage works again');
      else if (!logged) log.error({ problem }, 'the storage does not work: new messages are refused');
      logged = problem !== undefined;
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

  /** Applies the marker to the state. */
  #follow(verdict: DrainVerdict): void {
    this.#verdict = verdict;
    const before = this.#drain;
    this.#drain = observeDrain(before, verdict, this.#probe.drain, this.gate.active, Date.now());
    if (before?.identity !== this.#drain?.identity) this.#refused = 0;
    const isTransition = this.lifecycle.send(verdict.active ? 'drain' : 'release');
    // The drain may have a new request.
    if (!isTransition) this.#publisher.transition();
    if (!verdict.active) this.#release();
  }

  /** Logs a transition after it is published: readers wait for the publication, and not for the log. */
  async #tell({ from, to }: Transition): Promise<void> {
    const drain = this.#drain;
    // A disk that hangs must not delay the log.
    await withTimeout(this.published(), LOG_TIMEOUT_MS, () => undefined);
    // A failed start has its own log line.
    const level = to === 'startup_failed' ? 'debug' : 'info';
    this.#options.log[level]({ from, to, drain }, `${from} -> ${to}`);
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

  #count(): void {
    const before = this.#drain;
    this.#drain = observeDrain(before, this.#verdict, this.#probe.drain, this.gate.active, Date.now());
    const drainedNow = before?.drained_at !== this.#drain?.drained_at;
    if (drainedNow) this.#publisher.transition();
    else this.#publisher.counters();
  }
}
