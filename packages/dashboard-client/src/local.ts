import type { Connection } from './api/connection.ts';
import { fetchOver } from './local/fetch-over.ts';
import { connectToLocal, type LocalDashboard, tell } from './local/local-dashboard.ts';

export type { LocalDashboard } from './local/local-dashboard.ts';
export type { Advice } from './local/proven-tcp.ts';

/** A connection that sends the secret in a home to the dashboard of that home on this machine, and to no other program. */
export function connectionTo(local: LocalDashboard, token: string): Connection {
  const fetch = fetchOver((signal) => connectToLocal(local, signal));
  return { url: local.url.href.replace(/\/+$/, ''), token, fetch, name: tell(local) };
}
