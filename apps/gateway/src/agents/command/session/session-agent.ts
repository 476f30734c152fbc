import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@hermes/service-kit';
import type { Agent, AgentContext, AgentRequest } from '../../agent.ts';
import { AgentError } from '../../agent-error.ts';
import type { CommandAgentConfig } from '../../config.ts';
import type { Isolation } from '../../isolation/isolation.ts';
import { NOT_STORED, spawnFailure } from '../failure.ts';
import { StorageFailure } from '../start-command.ts';
import { ProcessList } from './process-list.ts';
import type { SessionProcess } from './session-process.ts';
import { type StartedSession, startSession } from './start-session.ts';

/** How long a turn waits for another session to become idle, in ms. */
const SLOT_WAIT_MS = 30_000;

/** The process of a session. */
interface Entry extends StartedSession {
  isBusy: boolean;
  idle: NodeJS.Timeout | undefined;
}

/**
 * Runs a program for each session: a line of JSON for each message on its stdin, lines of JSON on its stdout. It ends when
 * the session is idle for long, or when another session needs its place.
 */
export class SessionAgent implements Agent {
  readonly name = 'command';
  readonly remembers = true;
  readonly accepts = ['image_url', 'file'] as const;
  readonly replayable: boolean;
  readonly abortTimeoutMs: number;
  readonly turnTimeout: number;
  readonly #config: CommandAgentConfig;
  readonly #context: AgentContext;
  readonly #isolation: Isolation | undefined;
  readonly #list: ProcessList;
  /** The least recently used first. */
  readonly #entries = new Map<string, Entry>();
  /** Processes that run, start or end. */
  #places = 0;
  #freed = Promise.withResolvers<void>();
  #isClosing = false;

  constructor(config: CommandAgentConfig, context: AgentContext, isolation?: Isolation) {
    this.#config = config;
    this.#context = context;
    this.#isolation = isolation;
    this.#list = new ProcessList(context.home);
    this.replayable = config.replay ?? false;
    // Interrupted, then stopped.
    this.abortTimeoutMs = 2 * config.kill_after * 1_000;
    this.turnTimeout = config.timeout * 1_000 + this.abortTimeoutMs + SLOT_WAIT_MS;
  }

  async *reply(request: AgentRequest, signal: AbortSignal): AsyncIterable<string> {
    signal.throwIfAborted();
    const log = this.#context.log.child({ session: request.session });
    const entry = await this.#entryFor(request, log, signal);
    try {
      yield* entry.process.answer(request, signal);
    } finally {
      await this.#rest(request.session, entry);
    }
  }

  /** Ends the idle processes; the others end with their turn. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const idle = [...this.#entries].filter(([, { isBusy }]) => !isBusy);
    await Promise.all(idle.map(([session, entry]) => this.#end(session, entry)));
  }

  async #entryFor(request: AgentRequest, log: Logger, signal: AbortSignal): Promise<Entry> {
    const { session, turn } = request;
    const entry = this.#entries.get(session);
    if (entry && isCurrent(entry.process, request)) {
      clearTimeout(entry.idle);
      entry.isBusy = true;
      this.#entries.delete(session);
      this.#entries.set(session, entry);
      try {
        await this.#context.recordProcess(turn, entry.identity);
        return entry;
      } catch (error) {
        log.error({ err: error }, 'the process of a session could not be stored for its turn');
        await this.#end(session, entry);
        throw new AgentError(NOT_STORED);
      }
    }
    if (entry) await this.#end(session, entry);
    return this.#start(request, log, signal);
  }

  async #start(request: AgentRequest, log: Logger, signal: AbortSignal): Promise<Entry> {
    await this.#takePlace(signal);
    try {
      const parts = { config: this.#config, context: this.#context, isolation: this.#isolation, list: this.#list };
      const entry = { ...(await startSession({ ...parts, request, log })), isBusy: true, idle: undefined };
      this.#entries.set(request.session, entry);
      void entry.process.ended.then(() => this.#gone(request.session, entry));
      return entry;
    } catch (error) {
      this.#leavePlace();
      const { code, message, cause } = error as NodeJS.ErrnoException;
      log.error(
        { program: this.#config.command[0], code, reason: message, err: cause },
        'the command could not be started',
      );
      throw new AgentError(error instanceof StorageFailure ? NOT_STORED : spawnFailure(code));
    }
  }

  /** Waits until fewer processes run than may, and ends an idle one for that. @throws AgentError */
  async #takePlace(signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + SLOT_WAIT_MS;
    while (this.#places >= this.#config.max_processes) {
      const idle = [...this.#entries].find(([, { isBusy }]) => !isBusy);
      if (idle) await this.#end(...idle);
      else await this.#untilFreed(deadline - performance.now(), signal);
      signal.throwIfAborted();
    }
    this.#places += 1;
  }

  /** @throws AgentError after so many ms. */
  async #untilFreed(milliseconds: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const bound = AbortSignal.any([signal, over.signal]);
    const isLate = delay(Math.max(0, milliseconds), true, { signal: bound }).catch(() => false);
    const isFreed = this.#freed.promise.then(() => false);
    const late = await Promise.race([isLate, isFreed]);
    over.abort();
    if (late) throw new AgentError(ALL_BUSY);
  }

  #leavePlace(): void {
    this.#places -= 1;
    this.#wake();
  }

  async #rest(session: string, entry: Entry): Promise<void> {
    entry.isBusy = false;
    if (this.#isClosing) return this.#end(session, entry);
    if (entry.process.isOver) return;
    entry.idle = setTimeout(() => void this.#end(session, entry), this.#config.idle_timeout * 1_000).unref();
    this.#wake();
  }

  async #end(session: string, entry: Entry): Promise<void> {
    clearTimeout(entry.idle);
    if (this.#entries.get(session) === entry) this.#entries.delete(session);
    entry.process.stop();
    await entry.process.ended;
  }

  #gone(session: string, entry: Entry): void {
    clearTimeout(entry.idle);
    if (this.#entries.get(session) === entry) this.#entries.delete(session);
    this.#list.remove(entry.identity);
    void entry.history?.remove();
    this.#leavePlace();
  }

  #wake(): void {
    this.#freed.resolve();
    this.#freed = Promise.withResolvers();
  }
}

/** Whether the process knows the conversation: not after a new one has begun, or another gateway has answered. */
function isCurrent(process: SessionProcess, { history }: AgentRequest): boolean {
  return !process.isOver && (history === undefined || history.at(-1)?.id === process.lastTurn);
}

const ALL_BUSY = 'All processes of the agent are busy with other sessions; send the message again later.';
