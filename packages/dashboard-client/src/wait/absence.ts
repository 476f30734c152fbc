import type { StatusView } from '../api/views.ts';

/**
 * Why a gateway does not answer: it said that it stops; it died; its process is there and gives no sign; or it gives no
 * sign and its process cannot be seen.
 */
export type Absence = 'stopped' | 'died' | 'frozen' | 'silent';

/** @returns `undefined` for a gateway that is live. */
export function absenceOf(status: StatusView): Absence | undefined {
  // A dashboard of an earlier release does not tell.
  const liveness = status.liveness ?? (status.gateway_running ? 'live' : 'unknown');
  if (liveness === 'live') return undefined;
  return liveness === 'unknown' ? 'silent' : liveness;
}

/** Whether a gateway may answer again without being started. */
export function mayRecover(absence: Absence): boolean {
  return absence === 'frozen' || absence === 'silent';
}

const WORDS: readonly string[] = ['stopped', 'died', 'frozen', 'silent'] satisfies readonly Absence[];

export function isAbsence(word: string): word is Absence {
  return WORDS.includes(word);
}
