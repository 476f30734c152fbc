import { useSyncExternalStore } from 'react';

/** The profile that the address names; `null` when it names none. The back button works, and a link can be shared. */
export function usePicked(): string | null {
  return useSyncExternalStore(subscribe, read);
}

export function linkTo(name: string): string {
  return `#${new URLSearchParams({ profile: name })}`;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

function read(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get('profile') || null;
}
