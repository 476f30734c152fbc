import type { DashboardApi } from '@hermes/dashboard-client';
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Live, LiveView } from '../data/live.ts';

export interface Notice {
  readonly tone: 'good' | 'bad';
  readonly text: string;
}

/** What the parts of the page share while a person is logged in. */
export interface Session {
  /** The API about one profile. */
  apiOf(profile: string): DashboardApi;
  readonly live: Live;
  /** Shows the result of an action. */
  tell(notice: Notice | null): void;
  /** Logs out when the secret is no longer accepted. */
  reject(): void;
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useSession outside of a session');
  return session;
}

/** Whether what is shown is up to date, so that it can be acted on. */
export function useIsLive(): boolean {
  return useLive().link.state === 'live';
}

export function useLive(): LiveView {
  const { live } = useSession();
  return useSyncExternalStore(live.subscribe, live.read);
}
