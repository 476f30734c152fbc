import { addAbortSignal } from 'node:stream';
import type { Logger } from '@hermes/service-kit';
import { isLoopback } from '@hermes/service-kit';
import OpenAI, { APIConnectionError, APIError } from 'openai';
import type { RequestForm } from '../../journal/turn-store.ts';
import type { AgentContext, Model } from '../agent.ts';
import { forward } from './forward.ts';
import { readKey } from './key.ts';
import { bodyOf, upstreamFetch } from './upstream-fetch.ts';

const PATHS: Readonly<Record<RequestForm, string>> = {
  'chat.completions': '/chat/completions',
  responses: '/responses',
};

/** Statuses that say something about the server and not about the request. */
const SERVER_FAULTS = new Set([401, 403, 408, 409, 429]);

/** Ms by which the client's own timeout is longer than ours, so that ours is reported. */
const CLIENT_MARGIN_MS = 1_000;

/** A request of the OpenAI API. */
export type Body = Readonly<Record<string, unknown>>;

export interface UpstreamSettings {
  readonly base_url: string;
  readonly key_env?: string | undefined;
  /** The model to request here, if not the one of the request. */
  readonly model?: string | undefined;
  readonly timeout: number;
  readonly stall_timeout: number;
  readonly max_retries: number;
}

/** One OpenAI-compatible server. */
export class Upstream {
  readonly host: string;
  readonly key: string | undefined;
  readonly #model: string | undefined;
  readonly #client: OpenAI;

  /** @throws StartupError when the variable for the key is not set. */
  constructor(settings: UpstreamSettings, environment: AgentContext['environment'], log: Logger) {
    const { protocol, hostname, host } = new URL(settings.base_url);
    this.host = host;
    this.key = readKey(settings, environment);
    this.#model = settings.model;
    this.#client = createClient(settings, this.key);
    if (this.key !== undefined && protocol === 'http:' && !isLoopback(hostname)) {
      log.warn({ host: hostname }, 'agent.base_url is not https: the API key is sent unencrypted');
    }
  }

  /** Sends a request. @returns the answer as its client gets it. @throws see {@link forward}. */
  async *send(form: RequestForm, body: Body, signal: AbortSignal): AsyncIterable<string> {
    const sent = this.#model === undefined ? body : { ...body, model: this.#model };
    const response = await this.#client.post(PATHS[form], { body: sent, signal }).asResponse();
    const contentType = response.headers.get('content-type') ?? '';
    const bytes = addAbortSignal(signal, bodyOf(response));
    try {
      yield* forward({ contentType, bytes }, form, body.stream === true);
    } finally {
      bytes.destroy();
    }
  }

  async models(signal: AbortSignal): Promise<readonly Model[]> {
    const { data } = await this.#client.models.list({ signal });
    return (Array.isArray(data) ? data : []) as unknown as Model[];
  }
}

/** Whether another server may answer where this one failed. */
export function isServerFault(error: unknown): boolean {
  if (error instanceof APIConnectionError || !(error instanceof APIError)) return true;
  const status = error.status as number | undefined;
  return status === undefined || status < 400 || status >= 500 || SERVER_FAULTS.has(status);
}

/** The client would take unset options from the environment, and send them to this server. */
function createClient(settings: UpstreamSettings, key: string | undefined): OpenAI {
  return new OpenAI({
    baseURL: settings.base_url,
    apiKey: key ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    defaultHeaders: { Authorization: key === undefined ? null : `Bearer ${key}` },
    maxRetries: settings.max_retries,
    timeout: settings.timeout * 1_000 + CLIENT_MARGIN_MS,
    logLevel: 'off',
    // The prompt and the key are for this server only: it follows no redirects.
    fetch: upstreamFetch(settings.stall_timeout * 1_000),
  });
}
