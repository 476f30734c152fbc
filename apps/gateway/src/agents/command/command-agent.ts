import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@hermes/service-kit';
import type { Agent, AgentContext, AgentRequest } from '../agent.ts';
import { AgentError } from '../agent-error.ts';
import type { CommandAgentConfig } from '../config.ts';
import type { Isolation } from '../isolation/isolation.ts';
import type { CommandRun } from './command-run.ts';
import { commandFailure, NOT_STORED, spawnFailure } from './failure.ts';
import { StorageFailure, startCommand } from './start-command.ts';

/** Delay before a failed store operation of a command start is retried, in ms. */
const STORAGE_RETRY = { every: 1_000, for: 30_000 } as const;

/**
 * Runs a program for each turn: the message on its stdin, the reply on its stdout, log messages on its stderr. Each turn
 * has its own process group, and ends when no process of the group is left.
 */
export class CommandAgent implements Agent {
  readonly name = 'command';
  readonly remembers = true;
  readonly accepts = ['image_url', 'file'] as const;
  readonly replayable: boolean;
  readonly abortTimeoutMs: number;
  readonly turnTimeout: number;
  readonly #config: CommandAgentConfig;
  readonly #context: AgentContext;
  readonly #isolation: Isolation | undefined;

  constructor(config: CommandAgentConfig, context: AgentContext, isolation?: Isolation) {
    this.#config = config;
    this.#context = context;
    this.#isolation = isolation;
    this.replayable = config.replay ?? false;
    this.abortTimeoutMs = config.kill_after * 1_000;
    this.turnTimeout = config.timeout * 1_000 + this.abortTimeoutMs;
  }

  async *reply(request: AgentRequest, signal: AbortSignal): AsyncIterable<string> {
    signal.throwIfAborted();
    const log = this.#context.log.child({ session: request.session });
    const run = await this.#start(request, log, signal);
    const interrupt = () => run.stop('interrupted');
    signal.addEventListener('abort', interrupt, { once: true });
    if (signal.aborted) interrupt();
    try {
      yield* run.output;
      const end = await run.ended;
      signal.throwIfAborted();
      const failure = commandFailure(end, this.#config);
      if (failure === undefined) return;
      log.warn({ ...end, stderr: run.lastWords }, 'the command failed');
      throw new AgentError(failure);
    } finally {
      signal.removeEventListener('abort', interrupt);
      // A consumer that stops reading must not leave the command running.
      interrupt();
      await run.ended;
    }
  }

  async #start(request: AgentRequest, log: Logger, signal: AbortSignal): Promise<CommandRun> {
    const deadline = Date.now() + STORAGE_RETRY.for;
    for (;;) {
      try {
        return await startCommand({
          config: this.#config,
          context: this.#context,
          isolation: this.#isolation,
          request,
          log,
          signal,
        });
      } catch (error) {
        if (!(error instanceof StorageFailure)) throw this.#startFailure(error as NodeJS.ErrnoException, log);
        log.error(
          { err: error.cause },
          'the command cannot start: its prompt or its process id could not be stored; retrying',
        );
        if (Date.now() > deadline) throw new AgentError(NOT_STORED);
      }
      await delay(STORAGE_RETRY.every, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }

  #startFailure({ code, message }: NodeJS.ErrnoException, log: Logger): AgentError {
    const { command, cwd } = this.#config;
    // The error itself holds the whole command line.
    log.error({ program: command[0], cwd, code, reason: message }, 'the command could not be started');
    return new AgentError(spawnFailure(code));
  }
}
