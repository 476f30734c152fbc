import createClient, { type Client } from 'openapi-fetch';
import { failure, refusal, Unreachable } from '../errors.ts';
import type { paths } from './api.gen.ts';
import { authorization, type Connection, nameOf } from './connection.ts';
import type {
  AuditEntry,
  AuditVerdict,
  Begun,
  Boot,
  Cancelled,
  DrainView,
  InFlightSample,
  ProfileView,
  RestartBegun,
  StatusView,
} from './views.ts';

const TIMEOUT_MS = 15_000;

/** The options of a drain. An omitted option keeps its value on a refresh, or has the dashboard's default. */
export interface BeginOptions {
  readonly reason?: string | undefined;
  /** Whether the gateway sends no shutdown notice to the home channels. */
  readonly quiet?: boolean | undefined;
  /** Seconds until the drain expires unless it is refreshed. */
  readonly maxAgeSeconds?: number | undefined;
  /** Seconds for which a new drain is only announced. */
  readonly leadSeconds?: number | undefined;
  /** The id of the drain. */
  readonly requestId?: string | undefined;
}

/** The drain that a begin may create or refresh: only a new one, the one with its own id, or this one. */
export type Precondition = 'none-in-force' | 'own' | { readonly requestId: string };

/** How to restart. */
export interface RestartOptions {
  /** Restart even if it is not safe to stop: turns in flight are interrupted. */
  readonly force: boolean;
  /** Whether the drain stays in force; otherwise the restart ends it. */
  readonly keepDrain: boolean;
  readonly reason?: string | undefined;
}

interface Answered<T> {
  readonly data?: T | undefined;
  readonly error?: unknown;
  readonly response: Response;
}

type Init = { readonly signal: AbortSignal };

/** The dashboard's routes about one profile. Every method throws Unreachable, Refused, or the reason of `signal`. */
export class DashboardApi {
  readonly profile: string;
  /** For messages. */
  readonly url: string;
  readonly #client: Client<paths>;

  constructor(connection: Connection, profile: string) {
    const { url: baseUrl, fetch } = connection;
    this.profile = profile;
    this.url = nameOf(connection);
    this.#client = createClient<paths>({
      baseUrl,
      headers: authorization(connection),
      // The secret is for this server alone.
      redirect: 'manual',
      ...(fetch && { fetch }),
    });
  }

  /** @param seconds with a number: answers when it is drained or no drain is in force, or after so long. */
  drain(signal: AbortSignal, seconds?: number): Promise<DrainView> {
    const query = {
      profile: this.profile,
      ...(seconds === undefined ? {} : { until: 'drained' as const, wait: seconds }),
    };
    const get = (init: Init) => this.#client.GET('/api/gateway/drain', { params: { query }, ...init });
    return this.#ask(signal, get, isDrain);
  }

  /** The gateway and its turns. */
  status(signal: AbortSignal): Promise<StatusView> {
    const query = { profile: this.profile };
    const get = (init: Init) => this.#client.GET('/api/status', { params: { query }, ...init });
    return this.#ask(signal, get, ({ active_work }) => Array.isArray(active_work));
  }

  /** Begins or refreshes a drain. */
  async begin(signal: AbortSignal, options: BeginOptions, precondition: Precondition): Promise<Begun> {
    const body = {
      action: 'drain' as const,
      profile: this.profile,
      ...(options.quiet === undefined ? {} : { suppress_notification: options.quiet }),
      ...(options.reason === undefined ? {} : { reason: options.reason }),
      ...(options.maxAgeSeconds === undefined ? {} : { max_age_seconds: options.maxAgeSeconds }),
      ...(options.leadSeconds === undefined ? {} : { lead_seconds: options.leadSeconds }),
      ...(options.requestId === undefined ? {} : { request_id: options.requestId }),
    };
    const params = { header: beginHeaders(precondition) };
    const post = (init: Init) => this.#client.POST('/api/gateway/drain', { params, body, ...init });
    const answer = await this.#ask(signal, post, isBegun);
    return isBegun(answer) ? answer : this.#invalidAnswer();
  }

  /** @param requestId of the only drain that may be cancelled; `undefined` for one that has none. */
  cancel(signal: AbortSignal, requestId: string | undefined): Promise<Cancelled> {
    const header = requestId === undefined ? {} : { 'if-match': `"${requestId}"` };
    const params = { query: { profile: this.profile }, header };
    const remove = (init: Init) => this.#client.DELETE('/api/gateway/drain', { params, ...init });
    return this.#ask(signal, remove, ({ was_draining }) => typeof was_draining === 'boolean');
  }

  /** Begins a restart; {@link profiles} has its progress. */
  restart(signal: AbortSignal, { force, keepDrain, reason }: RestartOptions): Promise<RestartBegun> {
    const asked = { profile: this.profile, force, keep_drain: keepDrain };
    const body = reason === undefined ? asked : { ...asked, reason };
    const post = (init: Init) => this.#client.POST('/api/gateway/restart', { body, ...init });
    return this.#ask(signal, post, ({ restart: begun }) => typeof begun?.since === 'string');
  }

  /** Every profile of the dashboard. */
  async profiles(signal: AbortSignal): Promise<readonly ProfileView[]> {
    const get = (init: Init) => this.#client.GET('/api/profiles', init);
    const { profiles } = await this.#ask(signal, get, (answer) => Array.isArray(answer.profiles));
    return profiles;
  }

  /** The last requests, newest first. @param query without a profile: those of every profile. */
  async audit(signal: AbortSignal, query: { profile?: string; limit: number }): Promise<readonly AuditEntry[]> {
    const get = (init: Init) => this.#client.GET('/api/audit', { params: { query }, ...init });
    const { entries } = await this.#ask(signal, get, (answer) => Array.isArray(answer.entries));
    return entries;
  }

  /** Whether the audit is unchanged. */
  verifyAudit(signal: AbortSignal): Promise<AuditVerdict> {
    const get = (init: Init) => this.#client.GET('/api/audit/verify', init);
    return this.#ask(signal, get, ({ ok }) => typeof ok === 'boolean');
  }

  /** The actions of the last boots for the profile, newest first. */
  async boots(signal: AbortSignal, limit: number): Promise<readonly Boot[]> {
    const query = { profile: this.profile, limit };
    const get = (init: Init) => this.#client.GET('/api/boot-log', { params: { query }, ...init });
    const { entries } = await this.#ask(signal, get, (answer) => Array.isArray(answer.entries));
    return entries;
  }

  /** Turns in flight over the last ten minutes. */
  async inFlight(signal: AbortSignal): Promise<readonly InFlightSample[]> {
    const query = { profile: this.profile };
    const get = (init: Init) => this.#client.GET('/api/in-flight', { params: { query }, ...init });
    const { samples } = await this.#ask(signal, get, (answer) => Array.isArray(answer.samples));
    // openapi-fetch's types forget that these are pairs.
    return samples.map(([at = 0, turns = null]): InFlightSample => [at ?? 0, turns]);
  }

  /** @param isOurs whether an answer has what a dashboard's has: another server may answer anything with 200. */
  async #ask<T>(
    signal: AbortSignal,
    request: (init: Init) => Promise<Answered<T>>,
    isOurs: (answer: T) => boolean,
  ): Promise<T> {
    signal.throwIfAborted();
    // Not by AbortSignal.timeout: one that only AbortSignal.any holds is collected as garbage in Node 22.13, and never fires.
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(new DOMException('no answer in time', 'TimeoutError')), TIMEOUT_MS);
    try {
      const answer = await request({ signal: AbortSignal.any([signal, timeout.signal]) });
      const { data } = answer;
      if (answer.response.ok && typeof data === 'object' && data !== null && isOurs(data)) return data;
      throw answer.response.ok ? this.#invalidAnswer() : refusal(this.url, answer.response.status, answer.error);
    } catch (error) {
      signal.throwIfAborted();
      throw failure(this.url, error);
    } finally {
      clearTimeout(timer);
    }
  }

  #invalidAnswer(): never {
    throw new Unreachable(this.url, 'the answer is not one of a dashboard; is the URL right?');
  }
}

function isDrain({ verdict, gateway }: DrainView): boolean {
  return typeof verdict?.active === 'boolean' && typeof gateway?.gateway_running === 'boolean';
}

function isBegun<T extends object>(answer: T): answer is Extract<T, { action: 'drain' }> {
  const { action, request_id } = answer as { action?: unknown; request_id?: unknown };
  return action === 'drain' && typeof request_id === 'string';
}

function beginHeaders(precondition: Precondition): Record<string, string> {
  if (precondition === 'own') return {};
  return precondition === 'none-in-force' ? { 'if-none-match': '*' } : { 'if-match': `"${precondition.requestId}"` };
}
