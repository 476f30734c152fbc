import type { Logger } from '@hermes/service-kit';
import type { RequestForm } from '../../journal/turn-store.ts';
import type { Agent, AgentContext, AgentRequest, Model } from '../agent.ts';
import { AgentError } from '../agent-error.ts';
import type { OpenAiAgentConfig } from '../config.ts';
import { messagesOf } from './conversation.ts';
import { failureDetails, isStall, serverFailure, stalled, upstreamError } from './failure.ts';
import { ModelNames } from './model-names.ts';
import { plainText } from './plain-text.ts';
import { type Body, isServerFault, Upstream } from './upstream.ts';

/**
 * Answers with a model of an OpenAI-compatible server: forwards requests of the OpenAI API, and asks for an answer to a
 * plain message with the history of its session.
 */
export class OpenAiAgent implements Agent {
  readonly name = 'openai';
  readonly remembers = true;
  readonly abortTimeoutMs = 0;
  readonly accepts = ['image_url', 'file'] as const;
  readonly forwards = true;
  readonly turnTimeout: number;
  readonly replayable: boolean;
  readonly #config: OpenAiAgentConfig;
  readonly #names: ModelNames;
  /** In the order in which they are asked. */
  readonly #upstreams: readonly Upstream[];
  readonly #secrets: readonly string[];
  readonly #log: Logger;

  /** @throws StartupError when the variable for a key is not set. */
  constructor(config: OpenAiAgentConfig, { log, environment }: Pick<AgentContext, 'log' | 'environment'>) {
    this.#config = config;
    this.#names = new ModelNames(config);
    const { timeout, stall_timeout, max_retries, fallbacks } = config;
    const servers = [{ base_url: config.base_url, key_env: config.key_env }, ...fallbacks];
    this.#upstreams = servers.map((server, index) => {
      // Another server answers sooner than a retry.
      const retries = index === servers.length - 1 ? max_retries : 0;
      return new Upstream({ ...server, timeout, stall_timeout, max_retries: retries }, environment, log);
    });
    this.#secrets = this.#upstreams.map(({ key }) => key).filter((key) => key !== undefined);
    this.#log = log;
    this.turnTimeout = timeout * 1_000;
    this.replayable = config.replay ?? true;
  }

  async *reply(request: AgentRequest, signal: AbortSignal): AsyncIterable<string> {
    signal.throwIfAborted();
    const stop = new AbortController();
    let characters = 0;
    const interrupt = () => stop.abort();
    const timer = setTimeout(interrupt, this.#config.timeout * 1_000);
    signal.addEventListener('abort', interrupt, { once: true });
    try {
      const pieces = request.form ? this.#forward(request, request.form, stop.signal) : this.#ask(request, stop.signal);
      for await (const piece of pieces) {
        characters += piece.length;
        yield piece;
      }
      // An aborted stream may end as if it were complete.
      stop.signal.throwIfAborted();
    } catch (error) {
      signal.throwIfAborted();
      // What is forwarded is not the text itself.
      const said = request.form && characters > 0 ? undefined : characters;
      throw this.#failure(error, request.session, { timedOut: stop.signal.aborted, said });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', interrupt);
    }
  }

  async models(signal: AbortSignal): Promise<readonly Model[]> {
    const { offered } = this.#names;
    if (offered) return offered.map((id) => ({ id, object: 'model', created: 0, owned_by: 'hermes' }));
    try {
      return await this.#first((upstream) => upstream.models(signal));
    } catch (error) {
      if (signal.aborted) throw new AgentError('The model server did not list its models in time.');
      throw this.#failure(error, undefined, { timedOut: false });
    }
  }

  #ask(request: AgentRequest, signal: AbortSignal): AsyncIterable<string> {
    const { model, system } = this.#config;
    const messages = messagesOf(request, system);
    return plainText(this.#send('chat.completions', { model, messages, stream: true }, signal));
  }

  #forward({ text }: AgentRequest, form: RequestForm, signal: AbortSignal): AsyncIterable<string> {
    const body = JSON.parse(text) as Body;
    return this.#send(form, { ...body, model: this.#names.upstreamName(body.model) }, signal);
  }

  /** Asks one server after the other until one answers: afterwards, the answer must not begin again. */
  async *#send(form: RequestForm, body: Body, signal: AbortSignal): AsyncIterable<string> {
    const pieces = await this.#first(async (upstream) => {
      const iterator = upstream.send(form, body, signal)[Symbol.asyncIterator]();
      return { iterator, first: await iterator.next() };
    });
    try {
      for (let next = pieces.first; !next.done; next = await pieces.iterator.next()) yield next.value;
    } finally {
      await pieces.iterator.return?.();
    }
  }

  /** What the first server returns that has no fault. @throws the error of the last one. */
  async #first<T>(ask: (upstream: Upstream) => Promise<T>): Promise<T> {
    const last = this.#upstreams.length - 1;
    for (const upstream of this.#upstreams.slice(0, last)) {
      try {
        return await ask(upstream);
      } catch (error) {
        if (!isServerFault(error)) throw error;
        this.#log.warn(
          { host: upstream.host, ...failureDetails(error, this.#secrets) },
          'a model server failed; asking the next one',
        );
      }
    }
    return ask(this.#upstreams[last] as Upstream);
  }

  /** @param end `said`: the characters of the answer that came, if that is known. */
  #failure(
    error: unknown,
    session: string | undefined,
    end: { timedOut: boolean; said?: number | undefined },
  ): AgentError {
    if (error instanceof AgentError) return error;
    this.#log.warn({ session, ...failureDetails(error, this.#secrets) }, 'the model server failed');
    if (end.timedOut) return new AgentError(`The model server did not finish within ${this.#config.timeout} s.`);
    if (isStall(error)) return new AgentError(stalled(this.#config.stall_timeout, end.said));
    return new AgentError(serverFailure(error), upstreamError(error, this.#secrets));
  }
}
