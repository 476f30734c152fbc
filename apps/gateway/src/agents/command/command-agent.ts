import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Logger } from '@hermes/service-kit';
import type { Agent, AgentContext, AgentRequest } from '../agent.ts';
import { AgentError } from '../agent-error.ts';
import type { CommandAgentConfig } from '../config.ts';
import { CommandRun } from './command-run.ts';
import { commandFailure, spawnFailure } from './failure.ts';

/** By it the supervisor finds the tools that outlive a gateway which was killed. */
const SLOT_MARK = 'HERMES_SLOT';

/**
 * Lets a program answer: the text on its stdin, the reply on its stdout, remarks for the log on its stderr. Each turn is
 * a process group of its own, and has ended when none of the group is left.
 */
export class CommandAgent implements Agent {
  readonly name = 'command';
  readonly replayable: boolean;
  readonly letsGoWithin: number;
  readonly #config: CommandAgentConfig;
  readonly #context: AgentContext;

  constructor(config: CommandAgentConfig, context: AgentContext) {
    this.#config = config;
    this.#context = context;
    this.replayable = config.replay ?? false;
    this.letsGoWithin = config.kill_after * 1_000;
  }

  async *reply(request: AgentRequest, signal: AbortSignal): AsyncIterable<string> {
    signal.throwIfAborted();
    const log = this.#context.log.child({ session: request.session });
    const run = await this.#start(request, log);
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
      // Whoever no longer listens must not leave it running.
      interrupt();
      await run.ended;
    }
  }

  async #start(request: AgentRequest, log: Logger): Promise<CommandRun> {
    const [program = '', ...args] = this.#config.command;
    try {
      const child = spawn(program, args, {
        cwd: this.#config.cwd,
        env: this.#environment(request.session),
        stdio: ['pipe', 'pipe', 'pipe'],
        detached: true,
      });
      await once(child, 'spawn');
      const run = new CommandRun(child, child.pid as number, { ...this.#config, log });
      // A program that does not read what it was told need not.
      child.stdin.on('error', () => undefined);
      child.stdin.end(request.text);
      return run;
    } catch (error) {
      // The error itself holds the whole command line.
      const { code, message } = error as NodeJS.ErrnoException;
      log.error({ program, cwd: this.#config.cwd, code, reason: message }, 'the command could not be started');
      throw new AgentError(spawnFailure(code));
    }
  }

  #environment(session: string): NodeJS.ProcessEnv {
    const all = this.#context.environment;
    const names = [...this.#config.environment, SLOT_MARK];
    const allowed = names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]]));
    return { ...Object.fromEntries(allowed), HERMES_SESSION: session };
  }
}
