import { sightings } from '@hermes/dashboard-client';
import type { Context } from './context.ts';
import type { FollowOptions } from './options.ts';

/** `drainctl watch`: never comes to its end by itself. */
export async function watch(context: Context, { retryFor }: FollowOptions): Promise<never> {
  const { api, signal, reporter } = context;
  context.leaving = ['detached: nothing was changed; a drain in force stays in force'];
  const look = { signal, retryFor, onLost: (error: Error) => reporter.lost(error) };
  for await (const sighting of sightings(api, look)) reporter.progress(sighting, {});
  throw new Error('expected a watch without an end');
}
