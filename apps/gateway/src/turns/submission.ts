import type { Refusal } from '../gate/gate.ts';
import type { Turn } from './turn.ts';

/** What became of a message. */
export type Submission =
  /** Stored. `repeated`: the message came before, and this is its first turn. */
  | { readonly kind: 'accepted'; readonly turn: Turn; readonly repeated: boolean }
  /** Stored, to be run when the drain is over. */
  | { readonly kind: 'queued'; readonly turn: Turn; readonly repeated: boolean; readonly refusal: Refusal }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** There is no room for it: so many turns, or bytes of them, are the limit. */
  | { readonly kind: 'overloaded'; readonly limit: number; readonly unit: 'turns' | 'bytes' }
  /** The journal could not take it; nothing has happened. */
  | { readonly kind: 'unstored' };

export function overloaded(limit: number, unit: 'turns' | 'bytes'): Submission {
  return { kind: 'overloaded', limit, unit };
}
