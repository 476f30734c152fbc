import type { ProfileView } from './schemas.ts';

/** The part of a view whose change is sent at once. It excludes the clocks, which always advance. */
export function changeKeyOf(view: ProfileView): string {
  return JSON.stringify({
    ...view,
    heartbeat_at: null,
    active_work: view.active_work.map((turn) => ({ ...turn, last_progress_at: null })),
    slot: view.slot && { ...view.slot, seconds: 0 },
  });
}

/** The part of a view that changes all the time while turns run. */
export function progressKeyOf(view: ProfileView): string {
  return view.active_work.map((turn) => turn.last_progress_at).join();
}
