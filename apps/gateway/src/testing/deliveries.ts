import type { Delivery } from '../journal/delivery-store.ts';

/** A delivery on its first try. */
export function delivery(session: string, event: Record<string, unknown>, changes: Partial<Delivery> = {}): Delivery {
  const whole = { event_id: '7', session, ...event };
  return {
    seq: 1,
    channel: 'x',
    session,
    event: whole,
    at: 1_000,
    attempts: 0,
    nextAt: 0,
    expiresAt: null,
    ...changes,
  };
}

export const reply = (session: string, text: string, changes: Partial<Delivery> = {}): Delivery =>
  delivery(session, { type: 'turn', turn_id: 't', status: 'done', reply: text }, changes);

export const notice = (session: string, text: string): Delivery =>
  delivery(session, { type: 'notice', notice: 'draining', text });
