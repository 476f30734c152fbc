import type { Bench } from '../measurement.ts';
import { reconcile } from './reconcile.ts';
import { startup } from './startup.ts';

/** Every bench, in the order in which they run. */
export const BENCHES: readonly Bench[] = [reconcile, startup];
