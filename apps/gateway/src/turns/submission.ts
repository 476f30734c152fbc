import type { Refusal } from '../gate/gate.ts';
import type { Turn } from './turn.ts';

/** The outcome of a message. */
export type Submission =
  /** Stored. `repeated`: the message came before, and this is its first turn. */
  | { readonly kind: 'accepted'; readonly turn: Turn; readonly repeated: boolean }
  /** Stored, and runs after the drain. */
  | { readonly kind: 'queued'; readonly turn: Turn; readonly repeated: boolean; readonly refusal: Refusal }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** A limit is reached: the maximum number of turns, or of their bytes. */
  | { readonly kind: 'overloaded'; readonly limit: number; readonly unit: 'turns' | 'bytes' }
  /** The session has another message with its id. */
  | { readonly kind: 'mismatched' }
  /** The journal could not store it; the message has no effect. */
  | { readonly kind: 'unstored' };

export function overloaded(limit: number, unit: 'turns' | 'bytes'): Submission {
  return { kind: 'overloaded', limit, unit };
}
