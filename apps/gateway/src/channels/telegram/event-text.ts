import type { Delivery } from '../../journal/delivery-store.ts';
import { formatPieces, type Piece } from './format-text.ts';
import { splitText } from './split-text.ts';

/** An event for a chat, in pieces of at most `limit` UTF-16 units. Only what an agent wrote has markup. */
export function piecesOf(event: Delivery['event'], limit: number): Piece[] {
  const isReply = event.type !== 'notice' && event.status === 'done';
  const text = event.type === 'notice' ? event.text : isReply ? event.reply : event.problem;
  // The server refuses an empty message, and the user would wait for ever.
  if (typeof text !== 'string' || text.trim() === '') return [{ text: NOTHING_SAID, html: undefined }];
  return isReply
    ? formatPieces(text, limit)
    : splitText(text, limit).map((piece) => ({ text: piece, html: undefined }));
}

const NOTHING_SAID = '(an empty answer)';
