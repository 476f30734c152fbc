/**
 * `text` on one line, without characters that a terminal obeys or that turn the order of others around. Names of
 * sessions and reasons come from strangers.
 */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, '\u{fffd}');
}

/** `text` cut to `length` characters. */
export function short(text: string, length = 60): string {
  const characters = [...plain(text)];
  return characters.length <= length ? characters.join('') : `${characters.slice(0, length - 1).join('')}…`;
}
