import { randomUUID } from 'node:crypto';
import {
  currentInstantiationEpoch,
  type DrainVerdict,
  formatIsoDateTime,
  processStartTime,
  readGatewayState,
  resolveHome,
} from '@hermes/drain-contract';
import { abortAfter, exitBySignal, notifyReady, StopRequest, withTimeout } from '@hermes/service-kit';
import type { Log } from '../drain/log.ts';
import { Drainable } from '../drainable/drainable.ts';
import { readinessStatus } from '../drainable/readiness.ts';
import type * as gate from '../gate/gate.ts';
import * as words from '../gate/refusal-words.ts';
import { type HomeLock, lockHome } from '../home-lock.ts';
import { checkEndpoint, checkOptions, checkTurn } from './check.ts';
import { jsonLog } from './json-log.ts';
import { TurnPermit } from './permit.ts';
import type { Admission, Drain, Gate, GateOptions, Hooks, ProbeAnswer, Refusal, TurnRequest } from './types.ts';

/** Timeouts of the steps of a shutdown around the grace period, in ms. */
const BOUNDS = { hook: 1_000, abort: 5_000, close: 5_000, publish: 3_000 } as const;

/** See {@link Gate}. */
export class EmbeddedGate implements Gate {
  #endpoint: string | null = null;
  readonly #options: GateOptions;
  readonly #graceSeconds: number;
  readonly #log: Log;
  readonly #lock: HomeLock;
  readonly #drainable: Drainable;
  readonly #abort = new AbortController();
  readonly #stopRequest: StopRequest | undefined;
  #isReady = false;
  #closing: Promise<void> | undefined;

  /** @throws StartupError if the home cannot be used, or another gateway serves it. */
  constructor(options: GateOptions) {
    checkOptions(options);
    this.#options = options;
    this.#graceSeconds = options.graceSeconds ?? 60;
    this.#log = options.log ?? jsonLog('hermes-gate');
    const home = options.home ?? resolveHome();
    this.#lock = lockHome(home);
    this.#drainable = new Drainable({
      home,
      identity: this.#identify(home),
      checks: [{ part: 'lock', problem: () => this.#lock.problem(this.#log) }],
      readings: () => ({ endpoint: this.#endpoint, queued: 0, channels: [] }),
      log: this.#log,
    });
    this.#stopRequest = options.handleSignals === false ? undefined : new StopRequest();
  }

  /** Publishes the start, reads the marker, and admits turns unless it requests a drain. @throws ContractError */
  async open(): Promise<void> {
    try {
      this.#lock.register();
      await this.#drainable.announce();
    } catch (error) {
      await this.#end('fail', { signal: null, code: 1, reason: (error as Error).message });
      throw error;
    }
    this.#drainable.lifecycle.on('transition', ({ from, to }) => {
      const { drain } = this;
      if (to === 'draining' && drain !== null) this.#tell('draining', drain);
      if (from === 'draining' && to === 'running') this.#tell('back');
    });
    this.#drainable.open(null);
    await this.#drainable.published();
    void this.#stopRequest?.asked.then((signal) => this.#stopBy(signal));
  }

  get endpoint(): string | null {
    return this.#endpoint;
  }

  set endpoint(url: string | null) {
    checkEndpoint(url);
    this.#endpoint = url;
    this.#drainable.readingsChanged();
    // Once: the number of a closed descriptor may belong to another file.
    if (url !== null && !this.#isReady) notifyReady();
    this.#isReady ||= url !== null;
  }

  get state(): string {
    return this.#drainable.lifecycle.state;
  }

  get active(): number {
    return this.#drainable.gate.active;
  }

  get drain(): Drain | null {
    return describeDrain(this.#drainable.look());
  }

  admit(turn: TurnRequest): Admission {
    checkTurn(turn);
    const { session, kind = 'external', id = randomUUID() } = turn;
    const admission = this.#drainable.gate.admit(kind, { id, session });
    if (admission.admitted) {
      return { admitted: true, permit: new TurnPermit(admission.permit, this.#abort.signal) };
    }
    this.#drainable.countRefusal();
    return { admitted: false, refusal: describeRefusal(admission.refusal) };
  }

  liveness(): ProbeAnswer {
    return { status: 200, body: { status: 'ok', pid: process.pid } };
  }

  readiness(): ProbeAnswer {
    const { readiness } = this.#drainable;
    const { state, active, storageProblem } = readiness;
    const status = readinessStatus(readiness);
    const problem = storageProblem === undefined ? {} : { storage_problem: storageProblem };
    return {
      status: status === 'ok' ? 200 : 503,
      body: { status, gateway_state: state, active_agents: active, ...problem },
    };
  }

  async whenIdle(signal: AbortSignal): Promise<void> {
    try {
      await this.#drainable.gate.whenIdle(signal);
    } catch (error) {
      throw new Error(`turns are in flight in the sessions ${this.#sessions().join(', ')}`, { cause: error });
    }
  }

  published(): Promise<void> {
    return this.#drainable.published();
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown(null);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #stopBy(signal: NodeJS.Signals): Promise<void> {
    this.#closing ??= this.#shutDown(signal);
    await this.#closing;
    await exitBySignal(signal);
  }

  /** Never rejects. */
  async #shutDown(signal: NodeJS.Signals | null): Promise<void> {
    const { gate } = this.#drainable;
    const isQuiet = this.drain?.isQuiet ?? false;
    const sessions = this.#sessions();
    this.#drainable.stop();
    await this.#hook('stopping', { signal, isQuiet, sessions, graceSeconds: this.#graceSeconds });
    await this.#idle(this.#graceSeconds * 1_000, this.#stopRequest?.forceSignal);
    const interrupted = gate.active;
    this.#abort.abort(new Error('the server stops'));
    if (interrupted > 0) await this.#idle(BOUNDS.abort);
    if (gate.active > 0) this.#log.error({ turns: gate.active }, 'turns were not released before the end');
    await this.#bounded('onClose', BOUNDS.close, async () => this.#options.onClose?.());
    await this.#end('closed', {
      signal,
      code: signal === null ? 0 : null,
      reason: signal ? 'signal' : 'closed',
      interrupted,
    });
  }

  async #end(
    event: 'closed' | 'fail',
    exit: { signal: NodeJS.Signals | null; code: number | null; reason: string; interrupted?: number },
  ): Promise<void> {
    const at = formatIsoDateTime(Date.now());
    await this.#bounded('publishing the end', BOUNDS.publish, () =>
      this.#drainable.close(event, { at, interrupted: 0, ...exit }),
    );
    this.#lock[Symbol.dispose]();
    this.#stopRequest?.[Symbol.dispose]();
  }

  /** The sessions with turns in flight, each once. */
  #sessions(): string[] {
    return [...new Set(Iterator.from(this.#drainable.gate.inFlight()).map((work) => work.session))];
  }

  async #idle(milliseconds: number, forced?: AbortSignal): Promise<void> {
    await this.whenIdle(abortAfter(milliseconds, forced)).catch(() => undefined);
  }

  #tell<K extends keyof Hooks>(name: K, ...args: Parameters<NonNullable<Hooks[K]>>): void {
    void this.#hook(name, ...args);
  }

  #hook<K extends keyof Hooks>(name: K, ...args: Parameters<NonNullable<Hooks[K]>>): Promise<void> {
    const { hooks } = this.#options;
    const call = hooks?.[name] as ((...given: typeof args) => void | Promise<void>) | undefined;
    return this.#bounded(`the hook ${name}`, BOUNDS.hook, async () => call?.apply(hooks, args));
  }

  /** Code of the embedding program must not stop a shutdown. Never rejects. */
  async #bounded(what: string, milliseconds: number, work: () => Promise<void>): Promise<void> {
    try {
      await withTimeout(work(), milliseconds, () => {
        this.#log.warn(`${what} took longer than ${milliseconds / 1_000} s; going on without it`);
      });
    } catch (error) {
      this.#log.error({ err: error }, `${what} failed`);
    }
  }

  #identify(home: string) {
    const { version = '', turnTimeoutSeconds = 3_600, stallAfterSeconds = 300 } = this.#options;
    const bounds = BOUNDS.hook + BOUNDS.abort + BOUNDS.close + BOUNDS.publish;
    return {
      pid: process.pid,
      epoch: currentInstantiationEpoch(),
      startTime: processStartTime(),
      version,
      startedAt: Date.now(),
      restartDrainTimeout: this.#graceSeconds,
      stopTimeout: this.#graceSeconds + bounds / 1_000,
      turnTimeout: turnTimeoutSeconds,
      stallAfter: stallAfterSeconds,
      desiredState: readGatewayState({ home })?.desired_state ?? undefined,
    };
  }
}

function describeRefusal(refusal: gate.Refusal): Refusal {
  const { reason } = refusal;
  const message = `${words.REFUSAL_WORDS[reason][1]}${words.drainReason(refusal)} Retry later.`;
  return { reason, message, status: 503, retryAfter: words.RETRY_AFTER[reason] };
}

function describeDrain(verdict: DrainVerdict): Drain | null {
  if (!verdict.active) return null;
  const { reason, principal, requested_at, suppress_notification } = verdict.request;
  return { reason, principal, requestedAt: requested_at, isQuiet: suppress_notification };
}
