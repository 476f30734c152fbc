import { clock } from './clock.ts';
import { dashboardFreeze } from './dashboard-freeze.ts';
import { dashboardKill } from './dashboard-kill.ts';
import { descriptors } from './descriptors.ts';
import { diskFull } from './disk-full.ts';
import type { FaultMaker } from './fault.ts';
import { freeze, longFreeze } from './freeze.ts';
import { halfBodies } from './half-bodies.ts';
import { homeAway } from './home-away.ts';
import { journalLocked } from './journal-locked.ts';
import { kill } from './kill.ts';
import { logStuck } from './log-stuck.ts';
import { marker } from './marker.ts';
import { muteReaders } from './mute-readers.ts';
import { portTaken } from './port-taken.ts';
import { secondDashboard } from './second-dashboard.ts';
import { stateDamaged } from './state-damaged.ts';
import { terminate } from './terminate.ts';

/** A fault, and how often it happens compared to the others of its table. */
export interface Entry {
  readonly name: string;
  readonly make: FaultMaker;
  readonly weight: number;
  /** What not every machine or round has. */
  readonly needs?: 'a small disk' | 'a movable clock' | 'a long round';
}

/** What happens to the processes, one after another. */
export const STRIKES: readonly Entry[] = [
  { name: 'kill', make: kill, weight: 4 },
  { name: 'term', make: terminate, weight: 3 },
  { name: 'freeze', make: freeze, weight: 3 },
  { name: 'long-freeze', make: longFreeze, weight: 0.2, needs: 'a long round' },
  { name: 'port-taken', make: portTaken, weight: 2 },
  { name: 'dashboard-kill', make: dashboardKill, weight: 2 },
  { name: 'dashboard-freeze', make: dashboardFreeze, weight: 2 },
];

/** What happens around them meanwhile, one after another. */
export const TROUBLES: readonly Entry[] = [
  { name: 'descriptors', make: descriptors, weight: 3 },
  { name: 'disk-full', make: diskFull, weight: 3, needs: 'a small disk' },
  { name: 'home-away', make: homeAway, weight: 2 },
  { name: 'journal-locked', make: journalLocked, weight: 2 },
  { name: 'log-stuck', make: logStuck, weight: 2 },
  { name: 'clock', make: clock, weight: 2, needs: 'a movable clock' },
  { name: 'marker', make: marker, weight: 2 },
  { name: 'state-damaged', make: stateDamaged, weight: 1 },
  { name: 'second-dashboard', make: secondDashboard, weight: 2 },
  { name: 'mute-readers', make: muteReaders, weight: 1 },
  { name: 'half-bodies', make: halfBodies, weight: 1 },
];
