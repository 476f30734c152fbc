import type { Delivery } from '../../journal/delivery-store.ts';

/** The text of an event for a chat. */
export function textOf(event: Delivery['event']): string {
  const text = event.type === 'notice' ? event.text : event.status === 'done' ? event.reply : event.problem;
  // The server refuses an empty message, and the user would wait for ever.
  return typeof text === 'string' && text.trim() !== '' ? text : NOTHING_SAID;
}

const NOTHING_SAID = '(an empty answer)';
