import type { Logger } from '@hermes/service-kit';
import { AuditLog } from '../audit/log.ts';
import { DrainWaits } from '../drain/wait.ts';
import { EventFeed } from '../events/feed.ts';
import { InFlightHistory } from '../in-flight/history.ts';
import { ProfileReader } from '../profiles/read.ts';
import { VolumeWatch } from '../profiles/volume.ts';
import { Restarts } from '../restart/restarts.ts';
import { Slots } from '../restart/slots.ts';
import type { Supervisor } from '../restart/supervisor.ts';
import { ProfileWatches } from '../status/watch.ts';

export interface PartsOptions {
  /** The root home. */
  readonly home: string;
  readonly logger: Logger;
  /** The service manager, where there is one. */
  readonly supervisor?: Supervisor | undefined;
  readonly maxWaiters?: number | undefined;
  readonly maxReaders?: number | undefined;
  /** How long a reader of events may take nothing, in ms. */
  readonly stallMs?: number | undefined;
}

/** What the routes work with. */
export interface Parts {
  /** The root home. */
  readonly home: string;
  readonly watches: ProfileWatches;
  readonly waits: DrainWaits;
  readonly slots: Slots;
  readonly restarts: Restarts;
  readonly profiles: ProfileReader;
  readonly volume: VolumeWatch;
  readonly feed: EventFeed;
  readonly stallMs: number | undefined;
  readonly history: InFlightHistory;
  readonly audit: AuditLog;
  /** From now on the volume is watched. */
  start(): void;
  close(): void;
}

/** The parts, wired to each other. */
export function createParts({ home, logger, supervisor, maxWaiters, maxReaders, stallMs }: PartsOptions): Parts {
  const watches = new ProfileWatches();
  const slots = new Slots(supervisor, logger);
  const restarts = new Restarts(supervisor, logger);
  const slotOf = (name: string) => slots.of(name);
  const restartOf = (name: string) => restarts.of(name);
  const profiles = new ProfileReader({ home, slotOf, restartOf });
  const volume = new VolumeWatch(profiles);
  slots.onChange = (name) => volume.touch(name);
  restarts.onChange = (name) => volume.touch(name);
  return {
    home,
    watches,
    waits: new DrainWaits(watches, maxWaiters),
    slots,
    restarts,
    profiles,
    volume,
    feed: new EventFeed(volume, maxReaders),
    stallMs,
    history: new InFlightHistory(volume),
    audit: new AuditLog(home, logger),
    start: () => {
      slots.start();
      volume.start();
    },
    close: () => {
      slots.close();
      volume.close();
    },
  };
}
