import type { Bench } from '../measurement.ts';
import { events } from './events.ts';
import { fleet } from './fleet.ts';
import { markers } from './markers.ts';
import { observe } from './observe.ts';
import { refuse } from './refuse.ts';

/** Every bench, in the order in which they run. */
export const BENCHES: readonly Bench[] = [observe, refuse, markers, events, fleet];
