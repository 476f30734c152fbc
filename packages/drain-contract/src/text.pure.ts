/*
 * Part of the marker's contract, which programs in other languages keep, too (corpus/README.md): which characters go may
 * not change. What people are shown is made safe by visible-text.ts, which escapes these and more.
 */
const LINE_CONTROLS = /[\t\n\r\u2028\u2029]+/g;
const HIDDEN_CONTROLS = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** `text` on one line and without control characters, so that a terminal or a log can show it as it is. */
export function plainText(text: string): string {
  return text.replace(LINE_CONTROLS, ' ').replace(HIDDEN_CONTROLS, '').trim();
}

/** A string for people from a file that anybody may have written: plain and short, or `null` if it is not a string. */
export function shownText(value: unknown, maxLength: number): string | null {
  if (typeof value !== 'string') return null;
  return plainText(value.slice(0, maxLength * 2)).slice(0, maxLength);
}
