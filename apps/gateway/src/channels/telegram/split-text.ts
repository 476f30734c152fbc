/** Preferred places to cut a long text: the end of a paragraph, a line, a sentence, a word. */
const BORDERS = [/\n\s*\n/g, /\n/g, /[.!?…]["')\]]?\s/g, /\s/g];

/** Minimum length of a piece that is cut at a border, as a fraction of the limit. */
const SHORTEST_PART = 0.5;

/**
 * Cuts a text into pieces of at most `limit` UTF-16 units, at good borders. Omits pieces without visible characters.
 */
export function splitText(text: string, limit: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > limit) {
    const end = cutAt(rest.slice(0, limit + 1), limit);
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...pieces, rest].map((piece) => piece.trimEnd()).filter((piece) => piece.trim() !== '');
}

/** @param head the part of the text up to one unit beyond `limit`. */
function cutAt(head: string, limit: number): number {
  for (const border of BORDERS) {
    // White space at a border needs no space: it is not sent.
    const fitting = [...head.matchAll(border)].filter(({ index, 0: text }) => index + text.trimEnd().length <= limit);
    const last = fitting.at(-1);
    if (last !== undefined && last.index >= limit * SHORTEST_PART) return last.index + last[0].length;
  }
  return wholeCharacters(head, limit);
}

/** One visible character may consist of many units: a letter and its accents, a family of emoji. */
function wholeCharacters(head: string, limit: number): number {
  let end = 0;
  for (const { index } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(head)) {
    if (index <= limit) end = index;
  }
  return end > 0 ? end : limit;
}
