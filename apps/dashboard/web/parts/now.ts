import { useSyncExternalStore } from 'react';
import { useLive } from './session.ts';

const TICK_MS = 1_000;

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** The server's clock, every second; while the connection is lost, the time that is shown. */
export function useNow(): number {
  const ticked = useSyncExternalStore(subscribe, () => now);
  const { link, clockOffset } = useLive();
  const shown = link.state === 'lost' ? (link.shownAt ?? ticked) : ticked;
  return shown + clockOffset;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick() {
  now = Date.now();
  for (const listener of listeners) listener();
}
