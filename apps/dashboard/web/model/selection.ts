import { count } from './ages.ts';
import type { Profile } from './profile.ts';

/** The progress of a drain of several profiles, in one line: `3 safe to stop, 2 draining (5 turns left), 1 not draining`. */
export function progressOf(profiles: readonly Profile[]): string {
  const safe = profiles.filter((profile) => profile.isSafe);
  const draining = profiles.filter((profile) => profile.isDraining && !profile.isSafe);
  const rest = profiles.length - safe.length - draining.length;
  const turns = draining.reduce((sum, profile) => sum + (profile.turns ?? 0), 0);
  const parts = [
    safe.length > 0 ? `${safe.length} safe to stop` : null,
    draining.length > 0 ? `${draining.length} draining (${count(turns, 'turn')} left)` : null,
    rest > 0 ? `${rest} not draining` : null,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

/** Those that a drain can be begun for. */
export function drainable(profiles: readonly Profile[]): readonly Profile[] {
  return profiles.filter((profile) => !profile.isDraining);
}

/** Those that have a drain to cancel. */
export function cancellable(profiles: readonly Profile[]): readonly Profile[] {
  return profiles.filter((profile) => profile.isDraining || profile.request !== null);
}
