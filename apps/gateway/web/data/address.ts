import { useSyncExternalStore } from 'react';
import { isSessionName } from '../model/session-list.ts';

/** The session that the address names. The back button works, and an address can be kept. */
export function useAddressedSession(): string | null {
  const name = useSyncExternalStore(subscribe, () => new URLSearchParams(location.hash.slice(1)).get('session'));
  return isSessionName(name) ? name : null;
}

export function linkTo(session: string): string {
  return `#${new URLSearchParams({ session })}`;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}
