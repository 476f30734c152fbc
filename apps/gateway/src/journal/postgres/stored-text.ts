/** Precedes a character that stands for another one. A private-use character, so that texts hardly ever contain it. */
const ESCAPE = '\uE0FF';

/** A text as PostgreSQL can store it: it has no U+0000, and no half of a surrogate pair. */
export function toStored(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return /[\0\uE0FF]/.test(whole) ? whole.replaceAll(ESCAPE, `${ESCAPE}1`).replaceAll('\0', `${ESCAPE}0`) : whole;
}

/** The text of {@link toStored}. */
export function fromStored(text: string): string {
  return text.includes(ESCAPE) ? text.replaceAll(/\uE0FF([01])/g, (_, kind) => (kind === '0' ? '\0' : ESCAPE)) : text;
}

/** The same for a text that may be missing. */
export function toStoredOrNull(text: string | null): string | null {
  return text === null ? null : toStored(text);
}

export function fromStoredOrNull(text: string | null): string | null {
  return text === null ? null : fromStored(text);
}
