import { hostname } from 'node:os';
import { AuditLog } from '@hermes/drain-audit';
import type { ServiceManager } from '@hermes/drain-contract';
import type { Logger } from '@hermes/service-kit';
import { ResponseBacklog, type ResponseBacklogOptions } from '@hermes/service-kit/http';
import { drainEvents } from '../drain/events.pure.ts';
import { DrainWaits } from '../drain/wait.ts';
import { EventFeed } from '../events/feed.ts';
import { InFlightHistory } from '../in-flight/history.ts';
import { Metrics } from '../metrics/metrics.ts';
import { ProfileReader } from '../profiles/read.ts';
import { VolumeWatch } from '../profiles/volume.ts';
import { Restarts } from '../restart/restarts.ts';
import { ServiceStatuses } from '../restart/service-statuses.ts';
import { ProfileWatches } from '../status/watch.ts';
import type { WebhookConfig } from '../webhook/config.ts';
import { begunMessageId, messageOf } from '../webhook/message.ts';
import { WebhookOutbox } from '../webhook/outbox.ts';

/** The longest wait of a begin for its webhook, in ms. */
const BEGUN_WAIT_MS = 2_000;

/** The part of a service manager that the dashboard uses. */
export type DashboardServiceManager = Pick<ServiceManager, 'status' | 'list' | 'restart'>;

export interface ServicesOptions {
  /** The root home. */
  readonly home: string;
  readonly logger: Logger;
  /** The service manager, where there is one. */
  readonly serviceManager?: DashboardServiceManager | undefined;
  /** The receiver of webhooks, if there is one. */
  readonly webhook?: WebhookConfig | undefined;
  readonly maxWaiters?: number | undefined;
  readonly maxReaders?: number | undefined;
  readonly backlog?: ResponseBacklogOptions | undefined;
}

/** The services of the routes. */
export interface Services {
  /** The root home. */
  readonly home: string;
  readonly watches: ProfileWatches;
  readonly waits: DrainWaits;
  readonly statuses: ServiceStatuses;
  readonly restarts: Restarts;
  readonly profiles: ProfileReader;
  readonly volume: VolumeWatch;
  readonly feed: EventFeed;
  readonly backlog: ResponseBacklog;
  readonly history: InFlightHistory;
  readonly audit: AuditLog;
  readonly metrics: Metrics;
  /** Resolves when the receiver has the message that the drain has begun, or after a timeout. */
  begun(profile: string, requestId: string): Promise<void>;
  /** Starts to watch the volume. */
  start(): void;
  /** Stops all watches, and sends or drops the pending webhooks. */
  close(): Promise<void>;
}

/** The services, wired to each other. */
export function createServices(options: ServicesOptions): Services {
  const { home, logger, serviceManager, webhook, maxWaiters, maxReaders } = options;
  const watches = new ProfileWatches();
  const statuses = new ServiceStatuses(serviceManager, logger);
  const restarts = new Restarts(serviceManager, logger);
  const serviceOf = (name: string) => statuses.of(name);
  const restartOf = (name: string) => restarts.of(name);
  const profiles = new ProfileReader({ home, serviceOf, restartOf });
  const volume = new VolumeWatch(profiles);
  statuses.onChange = (name) => volume.touch(name);
  restarts.onChange = (name) => volume.touch(name);
  const feed = new EventFeed(volume, { host: hostname(), home }, maxReaders);
  const audit = new AuditLog(home, logger);
  const backlog = new ResponseBacklog(options.backlog);
  const metrics = new Metrics({ views: () => profiles.readAll(), readers: () => feed.size, backlog, audit });
  const outbox = webhook && new WebhookOutbox({ ...webhook, logger });
  audit.onEntry = (record, isWritten) => metrics.audited(record, isWritten);
  if (outbox) outbox.onEnd = ({ type }, outcome) => metrics.countMessage(type, outcome);
  volume.on('change', ({ before, view }) => {
    for (const event of view ? drainEvents(before, view) : []) {
      if (event.type === 'drain.drained' && before) metrics.drained(event.view);
      outbox?.push(messageOf(event, Date.now()));
    }
  });
  return {
    home,
    watches,
    waits: new DrainWaits(watches, maxWaiters),
    statuses,
    restarts,
    profiles,
    volume,
    feed,
    backlog,
    history: new InFlightHistory(volume),
    audit,
    metrics,
    begun: async (profile, requestId) => {
      if (outbox === undefined) return;
      volume.lookAt(profile);
      await outbox.ended(begunMessageId(profile, requestId), BEGUN_WAIT_MS);
    },
    start: () => {
      audit.start();
      statuses.start();
      volume.start();
    },
    close: async () => {
      statuses.close();
      volume.close();
      await Promise.all([outbox?.close(), audit.close()]);
    },
  };
}
