import type { Logger } from '@hermes/service-kit';
import { isLoopback } from '@hermes/service-kit';
import OpenAI from 'openai';
import type { Agent, AgentContext, AgentRequest } from '../agent.ts';
import { AgentError } from '../agent-error.ts';
import type { OpenAiAgentConfig } from '../config.ts';
import { messagesOf } from './conversation.ts';
import { CUT_OFF, failureDetails, serverFailure } from './failure.ts';
import { readKey } from './key.ts';

/** Ms by which the client's own timeout is longer than ours, so that ours is reported. */
const CLIENT_MARGIN_MS = 1_000;

/** Answers with a model of an OpenAI-compatible server, which gets the history of the session with each message. */
export class OpenAiAgent implements Agent {
  readonly name = 'openai';
  readonly remembers = true;
  readonly abortTimeoutMs = 0;
  readonly turnTimeout: number;
  readonly replayable: boolean;
  readonly #config: OpenAiAgentConfig;
  readonly #key: string | undefined;
  readonly #client: OpenAI;
  readonly #log: Logger;

  /** @throws StartupError when the variable for the key is not set. */
  constructor(config: OpenAiAgentConfig, { log, environment }: Pick<AgentContext, 'log' | 'environment'>) {
    this.#config = config;
    this.#key = readKey(config, environment);
    this.#client = createClient(config, this.#key);
    this.#log = log;
    this.turnTimeout = config.timeout * 1_000;
    this.replayable = config.replay ?? true;
    const { protocol, hostname } = new URL(config.base_url);
    if (this.#key !== undefined && protocol === 'http:' && !isLoopback(hostname)) {
      log.warn({ host: hostname }, 'agent.base_url is not https: the API key is sent unencrypted');
    }
  }

  async *reply(request: AgentRequest, signal: AbortSignal): AsyncIterable<string> {
    signal.throwIfAborted();
    const stop = new AbortController();
    const interrupt = () => stop.abort();
    const timer = setTimeout(interrupt, this.#config.timeout * 1_000);
    signal.addEventListener('abort', interrupt, { once: true });
    try {
      yield* this.#ask(request, stop.signal);
    } catch (error) {
      signal.throwIfAborted();
      throw this.#failure(error, request.session, stop.signal.aborted);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', interrupt);
    }
  }

  async *#ask(request: AgentRequest, signal: AbortSignal): AsyncIterable<string> {
    const { model, system } = this.#config;
    const messages = messagesOf(request, system);
    const stream = await this.#client.chat.completions.create({ model, messages, stream: true }, { signal });
    let finished = false;
    for await (const { choices } of stream) {
      // Other servers omit fields that they do not support.
      const choice = choices?.[0];
      finished ||= typeof choice?.finish_reason === 'string';
      const piece = choice?.delta?.content;
      if (typeof piece === 'string' && piece !== '') yield piece;
    }
    // The client ends an aborted stream, and one whose connection broke, as if it were complete.
    signal.throwIfAborted();
    if (!finished) throw new AgentError(CUT_OFF);
  }

  #failure(error: unknown, session: string, timedOut: boolean): AgentError {
    const sentence = timedOut
      ? `The model server did not finish within ${this.#config.timeout} s.`
      : error instanceof AgentError
        ? error.message
        : serverFailure(error);
    this.#log.warn({ session, ...failureDetails(error, this.#key) }, 'the model server failed');
    return new AgentError(sentence);
  }
}

/** The client would take unset options from the environment, and send them to this server. */
function createClient(config: OpenAiAgentConfig, key: string | undefined): OpenAI {
  return new OpenAI({
    baseURL: config.base_url,
    apiKey: key ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    defaultHeaders: { Authorization: key === undefined ? null : `Bearer ${key}` },
    maxRetries: config.max_retries,
    timeout: config.timeout * 1_000 + CLIENT_MARGIN_MS,
    logLevel: 'off',
    // The prompt and the key are for this server only: no redirects.
    fetchOptions: { redirect: 'manual' },
  });
}
