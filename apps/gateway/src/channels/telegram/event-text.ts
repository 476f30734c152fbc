import type { Delivery } from '../../journal/delivery-store.ts';

/** What a chat reads of an event. */
export function textOf(event: Delivery['event']): string {
  const text = event.type === 'notice' ? event.text : event.status === 'done' ? event.reply : event.problem;
  // An empty message would be refused, and the person would wait for ever.
  return typeof text === 'string' && text.trim() !== '' ? text : NOTHING_SAID;
}

const NOTHING_SAID = '(an empty answer)';
