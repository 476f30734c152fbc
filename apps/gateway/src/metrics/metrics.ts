import { monitorEventLoopDelay } from 'node:perf_hooks';
import { CHANNEL_STATES, LIFECYCLE_STATES, type LifecycleState } from '@hermes/drain-contract';
import { droppedLogLines } from '@hermes/service-kit';
import type { ResponseBacklog } from '@hermes/service-kit/http';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ChannelStatuses } from '../channels/channel-statuses.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { Gate, Refusal } from '../gate/gate.ts';
import type { Journal } from '../journal/journal.ts';
import type { EndStatus } from '../journal/turn-store.ts';
import type { TurnEngine } from '../turns/engine.ts';

/** Upper bounds of the turn histogram, in seconds: turns last seconds to hours. */
const TURN_SECONDS = [0.01, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400];

/** Sampling interval of the event loop delay, in ms: each sample wakes up an idle gateway. */
const DELAY_INTERVAL_MS = 100;

const NANOSECONDS = 1e9;

/** The end statuses of turns. */
const ENDS = Object.keys({ done: 0, failed: 0, interrupted: 0 } satisfies Record<EndStatus, 0>);

/** Why a message is not stored. */
const NOT_STORED = {
  starting: 0,
  draining: 0,
  stopping: 0,
  'storage-unavailable': 0,
  overloaded: 0,
  unstored: 0,
} satisfies Record<Refusal['reason'] | 'overloaded' | 'unstored', 0>;

export interface Metered {
  readonly gate: Gate;
  readonly engine: TurnEngine;
  readonly hub: EventHub;
  readonly backlog: ResponseBacklog;
  readonly journal: Pick<Journal, 'commits' | 'fleet'>;
  readonly state: () => LifecycleState;
  readonly channels: ChannelStatuses;
}

/** The metrics of the gateway, for Prometheus. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #wrongKeys = this.#counter('hermes_wrong_keys_total', 'Requests with a wrong key', []);

  constructor(metered: Metered) {
    this.#observeState(metered);
    this.#observeTurns(metered);
    this.#observeMessages(metered.engine);
    this.#observeStreams(metered);
    this.#observeChannels(metered.channels);
    this.#observeProcess(metered.journal);
  }

  /** Counts a request with a wrong key. */
  wrongKey(): void {
    this.#wrongKeys.inc();
  }

  /** The current metrics, and their media type. */
  async render(): Promise<{ type: string; text: string }> {
    return { type: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  #observeState({ state, engine }: Metered): void {
    this.#gauge('hermes_gateway_state', '1 for the state the gateway is in', ['state'], (gauge) => {
      for (const name of LIFECYCLE_STATES) gauge.set({ state: name }, name === state() ? 1 : 0);
    });
    this.#gauge('hermes_turns_queued', 'Accepted turns that have not started', [], (gauge) => gauge.set(engine.queued));
  }

  #observeTurns({ gate, engine }: Metered): void {
    this.#gauge('hermes_turns_in_flight', 'Turns that are running', ['kind'], (gauge) => {
      const kinds = { external: 0, internal: 0 };
      for (const { kind } of gate.inFlight()) kinds[kind] += 1;
      for (const [kind, count] of Object.entries(kinds)) gauge.set({ kind }, count);
    });
    const seconds = new Histogram({
      name: 'hermes_turn_duration_seconds',
      help: 'How long turns ran, by how they ended',
      labelNames: ['status'],
      buckets: TURN_SECONDS,
      registers: [this.#registry],
    });
    // Prometheus does not see the increase of a counter that starts at 1.
    for (const status of ENDS) seconds.zero({ status });
    engine.on('ended', (turn) => {
      const { status, startedAt, endedAt } = turn;
      if (startedAt !== null && endedAt !== null) seconds.observe({ status }, (endedAt - startedAt) / 1_000);
    });
  }

  #observeMessages(engine: TurnEngine): void {
    const admitted = this.#counter('hermes_messages_accepted_total', 'Messages stored', ['how']);
    const refused = this.#counter('hermes_messages_refused_total', 'Messages not stored', ['reason']);
    for (const how of ['new', 'queued', 'repeated']) admitted.inc({ how }, 0);
    for (const reason of Object.keys(NOT_STORED)) refused.inc({ reason }, 0);
    engine.on('submitted', (submission) => {
      if (submission.kind === 'accepted' || submission.kind === 'queued') {
        const first = submission.kind === 'queued' ? 'queued' : 'new';
        admitted.inc({ how: submission.repeated ? 'repeated' : first });
      } else refused.inc({ reason: submission.kind === 'refused' ? submission.refusal.reason : submission.kind });
    });
  }

  #observeStreams({ hub, backlog }: Metered): void {
    this.#gauge('hermes_event_readers', 'Clients that follow the events of a session', [], (gauge) =>
      gauge.set(hub.readers),
    );
    this.#gauge('hermes_response_backlog_bytes', 'Bytes that wait for clients that do not read', [], (gauge) =>
      gauge.set(backlog.bytes),
    );
    this.#total('hermes_clients_cut_off_total', 'Clients cut off because they did not read', ['reason'], (counter) => {
      for (const [reason, count] of Object.entries(backlog.cutOff)) counter.inc({ reason }, count);
    });
  }

  #observeChannels(channels: ChannelStatuses): void {
    this.#gauge('hermes_channel_state', '1 for the state a channel is in', ['channel', 'state'], (gauge) => {
      for (const { name, state } of channels.all)
        for (const known of CHANNEL_STATES) gauge.set({ channel: name, state: known }, known === state ? 1 : 0);
    });
    const deliveries = 'Deliveries of a channel that are not sent yet, or have failed permanently and are kept';
    this.#gauge('hermes_channel_deliveries', deliveries, ['channel', 'state'], (gauge) => {
      for (const { name, waiting, given_up } of channels.all) {
        gauge.set({ channel: name, state: 'waiting' }, waiting);
        gauge.set({ channel: name, state: 'given_up' }, given_up);
      }
    });
  }

  #observeProcess(journal: Metered['journal']): void {
    this.#total('hermes_journal_commits_total', 'Commits of the journal', [], (counter) =>
      counter.inc(journal.commits),
    );
    const { fleet } = journal;
    this.#gauge('hermes_journal_other_gateways', 'Other gateways that share the journal', [], (gauge) =>
      gauge.set(fleet?.others ?? 0),
    );
    this.#gauge('hermes_journal_takers', 'Other gateways that start turns now', [], (gauge) =>
      gauge.set(fleet?.takers ?? 0),
    );
    const adopted = this.#counter('hermes_turns_adopted_total', 'Turns taken over from gateways that ended', []);
    fleet?.on('adopted', (turns) => adopted.inc(turns.length));
    this.#total('hermes_log_lines_dropped_total', 'Log lines that stderr had no room for', [], (counter) =>
      counter.inc(droppedLogLines()),
    );
    this.#gauge('hermes_resident_memory_bytes', 'Memory of the process', [], (gauge) =>
      gauge.set(process.memoryUsage.rss()),
    );
    const delay = monitorEventLoopDelay({ resolution: DELAY_INTERVAL_MS });
    delay.enable();
    this.#gauge(
      'hermes_event_loop_delay_seconds',
      'Delay of the event loop since the last scrape',
      ['quantile'],
      (gauge) => {
        gauge.set({ quantile: '0.5' }, lateness(delay.percentile(50)));
        gauge.set({ quantile: '0.99' }, lateness(delay.percentile(99)));
        delay.reset();
      },
    );
  }

  #gauge(name: string, help: string, labelNames: string[], collect: (gauge: Gauge) => void): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames,
      registers: [this.#registry],
      collect: () => collect(gauge),
    });
  }

  /** A counter whose value is kept in another object. */
  #total(name: string, help: string, labelNames: string[], collect: (counter: Counter) => void): void {
    const counter: Counter = new Counter({
      name,
      help,
      labelNames,
      registers: [this.#registry],
      collect: () => {
        counter.reset();
        collect(counter);
      },
    });
  }

  #counter(name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }
}

/** The delay of the event loop, in seconds. @param interval nanoseconds between two samples. */
function lateness(interval: number): number {
  return Math.max(0, interval / NANOSECONDS - DELAY_INTERVAL_MS / 1_000);
}
