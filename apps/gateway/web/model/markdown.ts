/** A longer text takes a browser seconds to lay out as Markdown. */
const MAX_LENGTH = 60_000;

/** The time of a parser grows with the square of the characters that may begin or end something. */
const MAX_DELIMITERS = 4_000;
const DELIMITER = /[*_~`[\]<>|]/g;

/** Levels of quotes and lists in a line. Deeper ones exhaust the stack of a parser. */
const MAX_LEVELS = 50;
const MARKERS = String.raw`(?:>[ \t]*|[*+-][ \t]+|\d{1,9}[.)][ \t]+)`;
const DEEP = new RegExp(`${MARKERS}{${MAX_LEVELS}}|[[(]{${MAX_LEVELS}}`);

/** Whether a text is shown as it is: as Markdown it could block the page. */
export function isShownPlain(text: string): boolean {
  if (text.length > MAX_LENGTH || DEEP.test(text)) return true;
  return (text.match(DELIMITER)?.length ?? 0) > MAX_DELIMITERS;
}
