import { EventEmitter } from 'node:events';
import { basename } from 'node:path';
import type { DrainObservation, DrainVerdict, GatewayExit } from '@hermes/drain-contract';
import { withTimeout } from '@hermes/service-kit';
import type { Log } from '../drain/log.ts';
import { MarkerProbe } from '../drain/marker-probe.ts';
import { observeDrain } from '../drain/observation.ts';
import { MarkerWarnings } from '../drain/warnings.ts';
import { MarkerWatcher } from '../drain/watcher.ts';
import { Gate } from '../gate/gate.ts';
import { Lifecycle, type Transition } from '../lifecycle/lifecycle.ts';
import { Heartbeat } from '../state/heartbeat.ts';
import { StatePublisher } from '../state/publisher.ts';
import { composeState, type GatewayIdentity, type GatewayReadings } from '../state/snapshot.ts';
import { StateFile } from '../state/state-file.ts';
import { HomeDirectory } from '../storage/home-directory.ts';
import { StorageHealth } from '../storage/storage-health.ts';
import { type StorageCheck, StorageWatch } from '../storage/storage-watch.ts';
import type { Readiness } from './readiness.ts';

/** Maximum delay of the log line of a transition, in ms. */
const LOG_TIMEOUT_MS = 1_000;

export interface DrainableOptions {
  readonly home: string;
  readonly identity: GatewayIdentity;
  /** Further checks of the home, besides the home itself. Default: none. */
  readonly checks?: readonly StorageCheck[];
  /** What the server adds to the published state. */
  readonly readings: () => Pick<GatewayReadings, 'endpoint' | 'queued' | 'channels' | 'shared'>;
  readonly log: Log;
}

/**
 * What makes a server drainable, whatever its turns are: it follows the marker in its home, admits, refuses and counts
 * turns at one gate, and publishes its state there. Emits `released` when turns may start: after the start, and when a
 * drain has ended; and `beat` with each heartbeat, before it is published.
 */
export class Drainable extends EventEmitter<{ released: []; beat: [] }> {
  readonly lifecycle = new Lifecycle();
  readonly storage = new StorageHealth();
  readonly gate: Gate;
  readonly #options: DrainableOptions;
  readonly #home: HomeDirectory;
  readonly #watch: StorageWatch;
  readonly #probe: MarkerProbe;
  readonly #watcher: MarkerWatcher;
  readonly #publisher: StatePublisher;
  readonly #stateFile: StateFile;
  readonly #heartbeat = new Heartbeat(() => {
    this.emit('beat');
    this.#publisher.transition();
  });
  #verdict: DrainVerdict = { active: false, reason: 'absent' };
  #drain: DrainObservation | null = null;
  /** Messages refused since the drain in force began. */
  #refused = 0;
  #isStateProblem = false;
  #startProblem: string | undefined;
  #exit: GatewayExit | null = null;

  /** @throws the error of opening the home. */
  constructor(options: DrainableOptions) {
    super();
    const { home, identity, log } = options;
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
    this.#stateFile = new StateFile(home, () => this.#composeState());
    this.#publisher = new StatePublisher(
      () => this.publish(),
      (error) => this.#stateFailed(error),
    );
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
    this.lifecycle.on('transition', (transition) => {
      this.#publisher.transition();
      void this.#tell(transition);
    });
  }

  /** For the probes, checked now. */
  get readiness(): Readiness {
    this.#watch.look();
    // Not the verdict of the last read: its time may have come since.
    const isAnnounced = this.lifecycle.state === 'running' && this.#probe.look().reason === 'announced';
    const { gate, lifecycle, storage } = this;
    return { state: lifecycle.state, active: gate.active, isAnnounced, storageProblem: storage.problem };
  }

  /** The current drain, as of the last read. */
  get verdict(): DrainVerdict {
    return this.#verdict;
  }

  /** When the drain in force was noticed, as ISO 8601; a refresh does not change it. */
  get drainingSince(): string | undefined {
    return this.lifecycle.state === 'draining' ? this.#drain?.observed_at : undefined;
  }

  /** Reads the marker now. */
  look(): DrainVerdict {
    return this.#probe.look();
  }

  /** Publishes that it starts, and refreshes that state until it is closed. @throws ContractError */
  async announce(): Promise<void> {
    await this.publish();
    this.beat();
  }

  /** From now on the state is refreshed, until it is closed. Idempotent. */
  beat(): void {
    this.#heartbeat.start();
  }

  /**
   * Reads the marker for the first time, and admits turns unless it requests a drain.
   * @param told the drain that the process before has told its users of, so that a marker of the same request is the
   * same drain; `null` if there is none.
   */
  open(told: Parameters<MarkerProbe['resume']>[0]): void {
    this.#probe.resume(told);
    this.#watch.start();
    this.#watcher.start();
    if (this.#verdict.active) return;
    this.lifecycle.send('ready');
    this.#release();
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
    this.#exit = exit;
    this.lifecycle.send(event);
    // A start that is to be retried stays in its state, and still publishes its end.
    this.#publisher.transition();
    await this.#publisher.flush();
    this.#publisher.close();
    this.#watch.stop();
    this.#home[Symbol.dispose]();
  }

  /** A message was refused. */
  countRefusal(): void {
    this.#refused += 1;
    this.readingsChanged();
  }

  /** What the server adds to the published state has changed. */
  readingsChanged(): void {
    this.#publisher.counters();
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
    if (this.#isStateProblem) this.#options.log.info('the state is published again');
    this.#isStateProblem = false;
    this.storage.report('state', undefined);
  }

  #composeState() {
    return composeState(this.#options.identity, {
      ...this.#options.readings(),
      state: this.lifecycle.state,
      active: this.gate.active,
      inFlight: this.gate.inFlight(),
      drain: this.lifecycle.state === 'draining' ? this.#drain : null,
      exit: this.#exit,
      refused: this.#refused,
      startProblem: this.#startProblem,
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

  /** External turns may start again only when no reader can take the server for drained any more. */
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

  /** For the gate: checks the home, and adds the results of the other checks. */
  #storageProblem(): string | undefined {
    this.#watch.wasHomeGone();
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

  #release(): void {
    if (this.lifecycle.state === 'running') this.emit('released');
  }

  #count(): void {
    const before = this.#drain;
    this.#drain = observeDrain(before, this.#verdict, this.#probe.drain, this.gate.active, Date.now());
    const drainedNow = before?.drained_at !== this.#drain?.drained_at;
    if (drainedNow) this.#publisher.transition();
    else this.#publisher.counters();
  }
}
