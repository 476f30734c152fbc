// Controls, and the characters that reorder text on a screen: a line in a log must read as it was written.
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
