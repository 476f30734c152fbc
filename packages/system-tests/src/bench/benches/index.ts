import type { Bench } from '../measurement.ts';
import { gate } from './gate.ts';
import { idle } from './idle.ts';
import { inFlight } from './in-flight.ts';
import { journal } from './journal.ts';
import { sessions } from './sessions.ts';
import { turns } from './turns.ts';

/** Every bench, in the order in which they run. */
export const BENCHES: readonly Bench[] = [turns, gate, inFlight, sessions, journal, idle];
