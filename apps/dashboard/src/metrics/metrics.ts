import { AUDIT_ACTIONS, AUDIT_RESULTS, type AuditRecord } from '@hermes/drain-audit';
import { LIFECYCLE_STATES } from '@hermes/drain-contract';
import { droppedLogLines } from '@hermes/service-kit';
import type { ResponseBacklog } from '@hermes/service-kit/http';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Credentials } from '../auth/credentials.ts';
import { DRAIN_EVENT_TYPES } from '../drain/events.pure.ts';
import type { ProfileView } from '../profiles/schemas.ts';

/** Upper bounds of the drain histogram, in seconds: turns last seconds to hours. */
const DRAIN_SECONDS = [0.1, 1, 5, 15, 60, 300, 900, 3_600, 14_400];

const REQUEST_RESULTS = ['ok', 'unauthorized', 'refused', 'failed'] as const;

export interface Metered {
  /** Every profile, as its files are now. */
  readonly views: () => Promise<readonly ProfileView[]>;
  readonly readers: () => number;
  readonly audit: { readonly isBroken: boolean };
  readonly backlog: ResponseBacklog;
}

/** The metrics of the gateways, from their files, and of this program, for Prometheus. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #metered: Metered;
  readonly #states = this.#gauge('hermes_profile_gateway_state', '1 for the state the gateway is in', [
    'profile',
    'state',
  ]);
  readonly #live = this.#gauge('hermes_gateway_live', '1 if the heartbeat of the gateway is fresh', ['profile']);
  readonly #desired = this.#gauge('hermes_gateway_desired_running', '1 if the operator wants it to run', ['profile']);
  readonly #draining = this.#gauge('hermes_drain_active', '1 while a drain is in force', ['profile']);
  readonly #turns = this.#gauge('hermes_profile_turns_in_flight', 'Turns that are running', ['profile']);
  readonly #held = this.#gauge('hermes_profile_turns_queued', 'Messages accepted and waiting', ['profile']);
  readonly #refused = this.#gauge('hermes_profile_turns_refused', 'Messages refused in the current drain', ['profile']);
  readonly #stalled = this.#gauge('hermes_profile_turns_stalled', 'Turns that are silent for too long', ['profile']);
  readonly #safe = this.#gauge('hermes_gateway_safe_to_stop', '1 while it is safe to stop the gateway', ['profile']);
  readonly #readers = this.#gauge('hermes_dashboard_event_readers', 'Clients that follow the events', []);
  readonly #durations = new Histogram({
    name: 'hermes_drain_duration_seconds',
    help: 'From the moment a gateway noticed a drain until its last turn had ended',
    buckets: DRAIN_SECONDS,
    registers: [this.#registry],
  });
  readonly #requests = this.#counter('hermes_dashboard_requests_total', 'Requests that want a change', [
    'action',
    'result',
  ]);
  readonly #entries = this.#counter('hermes_dashboard_audit_entries_total', 'Entries written to the audit', [
    'action',
    'result',
  ]);
  readonly #lost = this.#counter('hermes_dashboard_audit_lost_total', 'Entries the audit could not take', ['action']);
  readonly #broken = this.#gauge('hermes_dashboard_audit_broken', '1 once entries were removed or changed', []);
  readonly #webhooks = this.#counter('hermes_dashboard_webhooks_total', 'Messages to controllers', ['type', 'result']);

  readonly #backlog = this.#gauge('hermes_response_backlog_bytes', 'Bytes that wait for clients that do not read', []);
  readonly #cutOff = this.#counter('hermes_clients_cut_off_total', 'Clients cut off because they did not read', [
    'reason',
  ]);
  readonly #droppedLines = this.#counter('hermes_log_lines_dropped_total', 'Log lines that stderr had no room for', []);

  readonly #credentialsUsable = this.#gauge(
    'hermes_dashboard_credentials_file_usable',
    '0 while the file with the credentials is broken and those known before stay in force',
    [],
  );
  readonly #wrongSecrets = this.#counter('hermes_dashboard_wrong_secrets_total', 'Requests with a wrong secret', []);
  #credentials: Pick<Credentials, 'problem'> | undefined;

  constructor(metered: Metered) {
    this.#metered = metered;
    // A counter that is born at 1 has not increased, to Prometheus.
    for (const action of AUDIT_ACTIONS) {
      for (const result of REQUEST_RESULTS) this.#requests.inc({ action, result }, 0);
      for (const result of AUDIT_RESULTS) this.#entries.inc({ action, result }, 0);
      this.#lost.inc({ action }, 0);
    }
    for (const type of DRAIN_EVENT_TYPES) {
      for (const result of ['sent', 'failed']) this.#webhooks.inc({ type, result }, 0);
    }
  }

  /** From now on says whether the file with the `credentials` can be used. */
  watchCredentials(credentials: Pick<Credentials, 'problem'>): void {
    this.#credentials = credentials;
  }

  /** The current metrics and their media type. */
  async render(): Promise<{ type: string; text: string }> {
    const views = await this.#metered.views();
    for (const gauge of [this.#states, this.#turns, this.#held, this.#refused, this.#stalled]) gauge.reset();
    for (const gauge of [this.#live, this.#desired, this.#draining, this.#safe]) gauge.reset();
    for (const view of views) this.#observe(view);
    this.#readers.set(this.#metered.readers());
    this.#broken.set(this.#metered.audit.isBroken ? 1 : 0);
    this.#credentialsUsable.set(this.#credentials?.problem === undefined ? 1 : 0);
    this.#observeProcess(this.#metered.backlog);
    return { type: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  /** A request came with a wrong secret. */
  wrongSecret(): void {
    this.#wrongSecrets.inc();
  }

  /** Counts the end of a drain. */
  drained({ drain }: ProfileView): void {
    const seconds = (Date.parse(drain?.drained_at ?? '') - Date.parse(drain?.observed_at ?? '')) / 1_000;
    if (seconds >= 0) this.#durations.observe(seconds);
  }

  /** A request that wanted a change was answered. */
  answered(action: string, status: number): void {
    this.#requests.inc({ action, result: resultOf(status) });
  }

  audited({ action, result }: AuditRecord, isWritten: boolean): void {
    if (isWritten) this.#entries.inc({ action, result });
    else this.#lost.inc({ action });
  }

  countMessage(type: string, result: 'sent' | 'failed'): void {
    this.#webhooks.inc({ type, result });
  }

  #observeProcess({ bytes, cutOff }: ResponseBacklog): void {
    this.#backlog.set(bytes);
    for (const counter of [this.#cutOff, this.#droppedLines]) counter.reset();
    for (const [reason, count] of Object.entries(cutOff)) this.#cutOff.inc({ reason }, count);
    this.#droppedLines.inc(droppedLogLines());
  }

  #observe(view: ProfileView): void {
    const profile = { profile: view.name };
    for (const state of LIFECYCLE_STATES) {
      this.#states.set({ ...profile, state }, state === view.gateway_state ? 1 : 0);
    }
    this.#draining.set(profile, view.draining ? 1 : 0);
    this.#safe.set(profile, view.safe_to_stop ? 1 : 0);
    this.#stalled.set(profile, view.active_work.filter((turn) => turn.stalled).length);
    // An unknown value is omitted, never zero.
    if (view.liveness !== 'unknown') this.#live.set(profile, view.liveness === 'live' ? 1 : 0);
    if (view.desired_state !== null) this.#desired.set(profile, view.desired_state === 'running' ? 1 : 0);
    if (view.active_agents !== null) this.#turns.set(profile, view.active_agents);
    if (view.queued_turns !== null) this.#held.set(profile, view.queued_turns);
    if (view.refused_turns !== null) this.#refused.set(profile, view.refused_turns);
  }

  #gauge(name: string, help: string, labelNames: string[]): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.#registry] });
  }

  #counter(name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }
}

function resultOf(status: number): (typeof REQUEST_RESULTS)[number] {
  if (status < 400) return 'ok';
  if (status === 401 || status === 429) return 'unauthorized';
  return status < 500 ? 'refused' : 'failed';
}
