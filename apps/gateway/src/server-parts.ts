import type { ResponseBacklog } from '@hermes/service-kit/http';
import type { Gateway } from './gateway.ts';
import type { ServerParts } from './http/server.ts';
import type { Journal } from './journal/journal.ts';
import { Metrics } from './metrics/metrics.ts';

/** What the HTTP server of a gateway answers from: its engine, its events and readings, and the metrics of all of them. */
export function serverParts(gateway: Gateway, journal: Journal, backlog: ResponseBacklog) {
  const { gate, engine, hub, takers } = gateway;
  return {
    engine,
    hub,
    backlog,
    metrics: new Metrics({
      gate,
      engine,
      hub,
      backlog,
      journal,
      state: () => gateway.lifecycle.state,
      channels: gateway.channelStatuses,
    }),
    probes: () => gateway.readings,
    isLeaving: () => gateway.isLeaving,
    status: () => gateway.status,
    history: journal,
    pushes: { channels: gateway.channelManager.channels, takers },
  } satisfies Partial<ServerParts>;
}
