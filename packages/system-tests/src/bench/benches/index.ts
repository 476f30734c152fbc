import type { Bench } from '../measurement.ts';
import { embed } from './embed.ts';
import { events } from './events.ts';
import { fleet } from './fleet.ts';
import { gate } from './gate.ts';
import { idle } from './idle.ts';
import { inFlight } from './in-flight.ts';
import { journal } from './journal.ts';
import { markers } from './markers.ts';
import { observe } from './observe.ts';
import { reconcile } from './reconcile.ts';
import { refuse } from './refuse.ts';
import { sessions } from './sessions.ts';
import { shared } from './shared.ts';
import { startup } from './startup.ts';
import { tokens } from './tokens.ts';
import { turns } from './turns.ts';

/** Every bench, in the order in which they run. */
export const BENCHES: readonly Bench[] = [
  observe,
  refuse,
  markers,
  turns,
  embed,
  gate,
  inFlight,
  sessions,
  tokens,
  journal,
  shared,
  reconcile,
  startup,
  events,
  fleet,
  idle,
];
