const PLAIN = /^[\w@%+=:,./-]+$/;

/** `words` as a line that a POSIX shell takes apart into the same words. */
export function shellLine(words: readonly string[]): string {
  return words.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`)).join(' ');
}
