import { Readable } from 'node:stream';
import type { Logger } from '@hermes/service-kit';
import { isLoopback } from '@hermes/service-kit';
import OpenAI from 'openai';
import type { TurnForm } from '../../journal/turn-store.ts';
import type { Agent, AgentContext, AgentRequest } from '../agent.ts';
import { AgentError } from '../agent-error.ts';
import type { OpenAiAgentConfig } from '../config.ts';
import { failureDetails, serverFailure, upstreamError } from './failure.ts';
import { forward } from './forward.ts';
import { readKey } from './key.ts';
import { plainText } from './plain-text.ts';

const PATHS: Readonly<Record<TurnForm, string>> = {
  'chat.completions': '/chat/completions',
  responses: '/responses',
};

/** A request of the OpenAI API. */
type Body = Readonly<Record<string, unknown>>;

/** Ms by which the client's own timeout is longer than ours, so that ours is reported. */
const CLIENT_MARGIN_MS = 1_000;

/**
 * Answers with a model of an OpenAI-compatible server: forwards requests of the OpenAI API, and asks for an answer to a
 * plain message. Each message is independent: no history is sent.
 */
export class OpenAiAgent implements Agent {
  readonly name = 'openai';
  readonly abortTimeoutMs = 0;
  readonly forwards = true;
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
      yield* request.form ? this.#forward(request, request.form, stop.signal) : this.#ask(request.text, stop.signal);
      // An aborted stream may end as if it were complete.
      stop.signal.throwIfAborted();
    } catch (error) {
      signal.throwIfAborted();
      throw this.#failure(error, request.session, stop.signal.aborted);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', interrupt);
    }
  }

  #ask(text: string, signal: AbortSignal): AsyncIterable<string> {
    const { model, system } = this.#config;
    const instructions = system === undefined ? [] : [{ role: 'system' as const, content: system }];
    const messages = [...instructions, { role: 'user' as const, content: text }];
    return plainText(this.#send('chat.completions', { model, messages, stream: true }, signal));
  }

  #forward({ text }: AgentRequest, form: TurnForm, signal: AbortSignal): AsyncIterable<string> {
    return this.#send(form, { ...JSON.parse(text), model: this.#config.model }, signal);
  }

  async *#send(form: TurnForm, body: Body, signal: AbortSignal): AsyncIterable<string> {
    const response = await this.#client.post(PATHS[form], { body, signal }).asResponse();
    const contentType = response.headers.get('content-type') ?? '';
    const bytes = response.body ?? Readable.from([]);
    yield* forward({ contentType, bytes }, form, body.stream === true);
  }

  #failure(error: unknown, session: string, timedOut: boolean): AgentError {
    this.#log.warn({ session, ...failureDetails(error, this.#key) }, 'the model server failed');
    if (timedOut) return new AgentError(`The model server did not finish within ${this.#config.timeout} s.`);
    return new AgentError(serverFailure(error), upstreamError(error, this.#key));
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
