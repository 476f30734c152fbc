import { isFailing } from './channel.ts';
import { isRestarting, type Profile, stalledTurns, wasStarted } from './profile.ts';
import type { Tone } from './sentence.ts';

export const KINDS = ['all', 'draining', 'safe', 'trouble'] as const;
/** A selection of the profiles. */
export type Kind = (typeof KINDS)[number];

export const KIND_NAMES: Readonly<Record<Kind, string>> = {
  all: 'All',
  draining: 'Draining',
  safe: 'Safe to stop',
  trouble: 'Attention',
};

/** What the list shows. */
export interface Filter {
  readonly kind: Kind;
  readonly text: string;
}

export const ALL: Filter = { kind: 'all', text: '' };

/** The profiles of a kind whose name contains the text, in the given order. */
export function select(profiles: readonly Profile[], { kind, text }: Filter): readonly Profile[] {
  const wanted = text.trim().toLowerCase();
  return profiles.filter((profile) => isKind(profile, kind) && profile.name.toLowerCase().includes(wanted));
}

/** Profiles that need attention first, otherwise in the given order. */
export function troubleFirst(profiles: readonly Profile[]): readonly Profile[] {
  return profiles.toSorted((a, b) => Number(isTroubled(b)) - Number(isTroubled(a)));
}

/** The number of profiles of each kind. */
export function tally(profiles: readonly Profile[]): Readonly<Record<Kind, number>> {
  const numberOf = (kind: Kind) => profiles.filter((profile) => isKind(profile, kind)).length;
  return { all: profiles.length, draining: numberOf('draining'), safe: numberOf('safe'), trouble: numberOf('trouble') };
}

/** The look of a profile in a list. */
export function toneOf(profile: Profile): Tone {
  if (isTroubled(profile)) return profile.isRunning ? 'warn' : 'bad';
  if (profile.isSafe) return 'good';
  if (isRestarting(profile) || profile.isDraining) return 'busy';
  return 'calm';
}

function isKind(profile: Profile, kind: Kind): boolean {
  if (kind === 'draining') return profile.isDraining;
  if (kind === 'safe') return profile.isSafe;
  if (kind === 'trouble') return isTroubled(profile);
  return true;
}

/** A permanent problem. */
function isTroubled(profile: Profile): boolean {
  if (isRestarting(profile)) return false;
  const isMissing =
    !profile.isRunning && (profile.desiredState ?? (wasStarted(profile) ? 'running' : 'stopped')) === 'running';
  const isStuck = profile.liveness === 'frozen' || stalledTurns(profile) > 0 || profile.restart?.state === 'failed';
  return isMissing || isStuck || profile.channels.some(isFailing);
}
