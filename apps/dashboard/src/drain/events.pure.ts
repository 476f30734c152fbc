import type { ProfileView } from '../profiles/schemas.ts';

export const DRAIN_EVENT_TYPES = [
  'drain.begun',
  'drain.drained',
  'drain.expired',
  'drain.cancelled',
  'turn.stalled',
] as const;
export type DrainEventType = (typeof DRAIN_EVENT_TYPES)[number];

type Turn = ProfileView['active_work'][number];

/** An event in the life of a drain. */
export interface DrainEvent {
  readonly type: DrainEventType;
  /** The profile, as it was when the drain was last seen for an end of it, except that it is not safe; else as it is. */
  readonly view: ProfileView;
  /** The turn that has stalled. */
  readonly turn: Turn | null;
}

/**
 * What has happened between two looks at a profile. At the first look (`before` is `undefined`) what holds already counts
 * as having happened: no dashboard may have run then.
 */
export function drainEvents(before: ProfileView | undefined, after: ProfileView): DrainEvent[] {
  const ended = before && endOf(before, after);
  const stalled = after.active_work.filter((turn) => turn.stalled && !wasStalled(before, turn));
  return [
    ...(before && ended ? [{ type: ended, view: { ...before, safe_to_stop: false }, turn: null }] : []),
    ...(isNewlyBegun(before, after) ? [{ type: 'drain.begun' as const, view: after, turn: null }] : []),
    ...(isNewlyDrained(before, after) ? [{ type: 'drain.drained' as const, view: after, turn: null }] : []),
    ...stalled.map((turn) => ({ type: 'turn.stalled' as const, view: after, turn })),
  ];
}

function isNewlyBegun(before: ProfileView | undefined, after: ProfileView): boolean {
  return Boolean(after.request?.identity) && !(before && isSameDrain(before, after));
}

function isNewlyDrained(before: ProfileView | undefined, after: ProfileView): boolean {
  return after.safe_to_stop && !(before?.safe_to_stop && isSameDrain(before, after));
}

/** How the previous drain ended, if it has. A drain that a reboot voids emits no event. */
function endOf(before: ProfileView, after: ProfileView): DrainEventType | undefined {
  if (!before.request?.identity || isSameDrain(before, after)) return undefined;
  if (after.request === null || after.request.identity !== null) return 'drain.cancelled';
  if (after.request.request_id !== before.request.request_id) return 'drain.cancelled';
  return after.request.verdict.reason === 'expired' ? 'drain.expired' : undefined;
}

function isSameDrain(before: ProfileView, after: ProfileView): boolean {
  return before.request?.identity === after.request?.identity;
}

function wasStalled(before: ProfileView | undefined, { id }: Turn): boolean {
  return before?.active_work.some((turn) => turn.id === id && turn.stalled) ?? false;
}
