import { visibleText } from '@hermes/drain-contract';

/** Names and reasons come from strangers: `text` as a terminal can show it, and no longer than a line has room for. */
export function shorten(text: string, length = 60): string {
  return visibleText(text, length);
}
