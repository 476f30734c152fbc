import type { Delivery } from '../../journal/delivery-store.ts';
import { formatPieces, type Piece } from './format-text.ts';
import { splitText } from './split-text.ts';

/**
 * An event for a chat, in pieces of at most `limit` UTF-16 units. Only what an agent wrote has markup. What there is of a
 * reply that is not whole comes before the words that say why.
 */
export function piecesOf(event: Delivery['event'], limit: number): Piece[] {
  const isNotice = event.type === 'notice';
  const reply = isNotice ? undefined : event.status === 'done' ? event.reply : event.partial_reply;
  const words = isNotice ? event.text : event.status === 'done' ? undefined : event.problem;
  const pieces = [
    ...(isSaid(reply) ? formatPieces(reply, limit) : []),
    ...(isSaid(words) ? splitText(words, limit).map((text) => ({ text, html: undefined })) : []),
  ];
  // The server refuses an empty message, and the user would wait for ever.
  return pieces.length > 0 ? pieces : [{ text: NOTHING_SAID, html: undefined }];
}

function isSaid(text: unknown): text is string {
  return typeof text === 'string' && text.trim() !== '';
}

const NOTHING_SAID = '(an empty answer)';
