import type { ProfileView } from './schemas.ts';

/** What of a view counts as a change at once: not the clocks in it, which run whenever anything is alive. */
export function changeKeyOf(view: ProfileView): string {
  return JSON.stringify({
    ...view,
    heartbeat_at: null,
    active_work: view.active_work.map((turn) => ({ ...turn, last_progress_at: null })),
    slot: view.slot && { ...view.slot, seconds: 0 },
  });
}

/** What of a view changes all the time while turns run. */
export function progressKeyOf(view: ProfileView): string {
  return view.active_work.map((turn) => turn.last_progress_at).join();
}
