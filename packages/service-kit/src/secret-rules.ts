/** The minimum requirements of a bearer secret. */
export const SECRET_RULES = { length: 43, distinctCharacters: 16, entropyBits: 128 } as const;

/** Why `secret` is too weak; the text never quotes it; `undefined` when it is good enough. */
export function secretWeakness(secret: string): string | undefined {
  if (!/^[\x21-\x7e]*$/.test(secret)) {
    return 'it holds a space, a line break or another character that an Authorization header cannot carry';
  }
  if (secret.length < SECRET_RULES.length) {
    return `it has ${secret.length} characters; expected at least ${SECRET_RULES.length}`;
  }
  const distinct = new Set(secret).size;
  if (distinct < SECRET_RULES.distinctCharacters) {
    return `it has ${distinct} different characters; expected at least ${SECRET_RULES.distinctCharacters}`;
  }
  if (smallestPeriod(secret) <= secret.length / 2) return 'it repeats one block of characters';
  const bits = entropyBits(secret);
  if (bits < SECRET_RULES.entropyBits) {
    return `it has ${Math.floor(bits)} bits of entropy; expected at least ${SECRET_RULES.entropyBits}`;
  }
  return undefined;
}

/** Shannon entropy of the characters of `text`, times their number. */
export function entropyBits(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits += count * Math.log2(text.length / count);
  return bits;
}

/** The smallest `p > 0` with `text[i] === text[i - p]` for every `i >= p`; the length when there is no repetition. */
export function smallestPeriod(text: string): number {
  // The prefix function of Knuth, Morris and Pratt: the longest proper border of each prefix.
  const borders: number[] = [];
  for (let end = 0; end < text.length; end += 1) {
    let border = end === 0 ? 0 : (borders[end - 1] ?? 0);
    while (border > 0 && text[end] !== text[border]) border = borders[border - 1] ?? 0;
    borders.push(end > 0 && text[end] === text[border] ? border + 1 : 0);
  }
  return text.length - (borders.at(-1) ?? 0);
}
