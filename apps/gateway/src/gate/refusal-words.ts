import type { Refusal } from './gate.ts';

/** Seconds until a retry makes sense. */
export const RETRY_AFTER = {
  starting: 1,
  draining: 5,
  stopping: 10,
  overloaded: 5,
  'storage-unavailable': 5,
} as const;

/** A title and a sentence for the person who waits. */
export const REFUSAL_WORDS: Record<Refusal['reason'], readonly [title: string, why: string]> = {
  starting: ['Gateway is starting', 'The gateway is starting.'],
  draining: ['Gateway is draining', 'The gateway is draining: it finishes running turns and starts no new ones.'],
  stopping: ['Gateway is stopping', 'The gateway is stopping.'],
  'storage-unavailable': ['Message not stored', 'The storage of the gateway does not work.'],
};

/** The reason of the drain, as a sentence that follows the others; empty if there is none. */
export function drainReason({ request }: Refusal): string {
  return request?.reason ? ` Reason: ${request.reason}.` : '';
}
