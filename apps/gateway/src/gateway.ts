import { setTimeout as delay } from 'node:timers/promises';
import {
  type DrainObservation,
  type DrainVerdict,
  type GatewayExit,
  HEARTBEAT_INTERVAL_MS,
  writeGatewayState,
} from '@hermes/drain-contract';
import type { Logger } from '@hermes/service-kit';
import type { Agent } from './agents/agent.ts';
import type { Channel } from './channels/channel.ts';
import { Switchboard } from './channels/switchboard.ts';
import { MarkerProbe } from './drain/marker-probe.ts';
import { isSameDrain, observeDrain } from './drain/observation.ts';
import { MarkerWarnings } from './drain/warnings.ts';
import { MarkerWatcher } from './drain/watcher.ts';
import { EventHub } from './events/event-hub.ts';
import { Gate } from './gate/gate.ts';
import type { ProbeReadings } from './http/probes.ts';
import type { Journal } from './journal/journal.ts';
import { Lifecycle, type Transition } from './lifecycle/lifecycle.ts';
import { Announcer } from './notices/announcer.ts';
import { Notices } from './notices/notices.ts';
import { StatePublisher } from './state/publisher.ts';
import { composeState, type GatewayIdentity } from './state/snapshot.ts';
import { StorageHealth } from './storage/storage-health.ts';
import { type OnDrain, TurnEngine } from './turns/engine.ts';

/** A transition is logged this much later at the latest, in ms. */
const LOG_PATIENCE_MS = 1_000;

/** What a gateway is made of and made for. */
export interface GatewayOptions {
  readonly home: string;
  readonly identity: GatewayIdentity;
  readonly agent: Agent;
  readonly journal: Journal;
  readonly channels: readonly Channel[];
  readonly onDrain: OnDrain;
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
  readonly switchboard: Switchboard;
  /** Base URL of the API once it listens. */
  endpoint: string | null = null;
  /** How it ended, once it has. */
  exit: GatewayExit | null = null;
  readonly #options: GatewayOptions;
  readonly #probe: MarkerProbe;
  readonly #watcher: MarkerWatcher;
  readonly #publisher: StatePublisher;
  #verdict: DrainVerdict = { active: false, reason: 'absent' };
  #drain: DrainObservation | null = null;
  /** Messages refused since the drain in force began. */
  #refused = 0;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(options: GatewayOptions) {
    const { home, identity, agent, journal, channels, onDrain, log } = options;
    this.#options = options;
    this.#probe = new MarkerProbe(home, identity.epoch);
    this.#watcher = new MarkerWatcher(this.#probe, log);
    this.gate = new Gate({
      state: () => this.lifecycle.state,
      look: () => this.#probe.look(),
      storageProblem: () => this.storage.problem,
    });
    this.hub = new EventHub(journal);
    this.switchboard = new Switchboard(channels, journal, log);
    const announcer = new Announcer(this.hub, this.switchboard.outboxes);
    this.notices = new Notices(journal, announcer, log);
    this.engine = new TurnEngine({ gate: this.gate, agent, journal, announcer, notices: this.notices, onDrain, log });
    this.#publisher = new StatePublisher(
      () => this.publish(),
      (error) => log.error({ err: error }, 'the state could not be published'),
    );
    const warnings = new MarkerWarnings(log);
    this.#probe.on('change', (verdict) => {
      warnings.consider(verdict);
      this.#follow(verdict);
    });
    this.gate.on('count', () => this.#count());
    this.engine.on('waiting', () => this.#publisher.counters());
    this.engine.on('refused', () => {
      this.#refused += 1;
      this.#publisher.counters();
    });
    this.lifecycle.on('transition', (transition) => {
      this.#publisher.transition();
      void this.#tell(transition);
    });
  }

  /** What the probes tell. */
  get readings(): ProbeReadings {
    return {
      state: this.lifecycle.state,
      active: this.gate.active,
      waiting: this.engine.waiting,
      storageProblem: this.storage.problem,
    };
  }

  /** The drain in force, as last seen. */
  get verdict(): DrainVerdict {
    return this.#verdict;
  }

  /**
   * Takes over what the process before left behind, has its first look at the marker, and opens unless that asks for a
   * drain. Until `orphansEnded` resolves, the gateway stays in the state starting.
   * @returns whether it has opened: not if there are orphans left.
   */
  async open(orphansEnded: Promise<boolean> = Promise.resolve(true)): Promise<boolean> {
    this.#heartbeat = setInterval(() => this.#publisher.transition(), HEARTBEAT_INTERVAL_MS);
    if (!(await orphansEnded)) return false;
    await this.engine.recover(await this.#options.journal.unfinished());
    this.#watcher.start();
    if (!this.#verdict.active) {
      this.lifecycle.send('ready');
      this.#release();
    } else this.engine.resume();
    this.switchboard.start(this.engine);
    return true;
  }

  /** Shuts the gate for good. */
  stop(): void {
    this.lifecycle.send('stop');
  }

  /** Publishes the end. Nothing is published after it. */
  async close(event: 'closed' | 'fail', exit: GatewayExit): Promise<void> {
    this.#watcher.stop();
    clearInterval(this.#heartbeat);
    this.exit = exit;
    this.lifecycle.send(event);
    await this.#publisher.flush();
    this.#publisher.close();
  }

  /** Resolves when what has changed so far is on disk, or has failed to get there. */
  async published(): Promise<void> {
    await this.#publisher.flush();
  }

  /** Writes the state as it is now. @throws ContractError */
  async publish(): Promise<void> {
    const state = composeState(this.#options.identity, {
      state: this.lifecycle.state,
      active: this.gate.active,
      inFlight: this.gate.inFlight(),
      drain: this.lifecycle.state === 'draining' ? this.#drain : null,
      endpoint: this.endpoint,
      exit: this.exit,
      waiting: this.engine.waiting,
      refused: this.#refused,
      now: Date.now(),
    });
    await writeGatewayState(state, { home: this.#options.home });
  }

  /** Brings the state in line with the marker. */
  #follow(verdict: DrainVerdict): void {
    this.#verdict = verdict;
    const before = this.#drain;
    this.#drain = observeDrain(before, verdict, this.gate.active, Date.now());
    if (!isSameDrain(before, this.#drain)) this.#refused = 0;
    const isTransition = this.lifecycle.send(verdict.active ? 'drain' : 'release');
    // Another request, perhaps.
    if (!isTransition) this.#publisher.transition();
    if (!verdict.active) this.#release();
  }

  /** Logs a transition once it is published: somebody waits for that, and nobody for the log. */
  async #tell({ from, to }: Transition): Promise<void> {
    const drain = this.#drain;
    // A disk that hangs must not silence the log.
    await Promise.race([this.published(), delay(LOG_PATIENCE_MS, undefined, { ref: false })]);
    // Why it cannot start is told in one line of its own.
    const level = to === 'startup_failed' ? 'debug' : 'info';
    this.#options.log[level]({ from, to, drain }, `${from} -> ${to}`);
  }

  /** No drain is in force: what was held may run, and who was told of one is told that it is over. */
  #release(): void {
    if (this.lifecycle.state !== 'running') return;
    this.engine.resume();
    void this.notices.released();
  }

  #count(): void {
    const before = this.#drain;
    this.#drain = observeDrain(before, this.#verdict, this.gate.active, Date.now());
    const drainedNow = before?.drained_at !== this.#drain?.drained_at;
    if (drainedNow) this.#publisher.transition();
    else this.#publisher.counters();
  }
}
