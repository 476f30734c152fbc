/** U+0000 and U+0001, as they are stored. Stored texts have no U+0001 outside of these. */
const STORED_0 = '\u0001\u0001';
const STORED_1 = '\u0001\u0002';

/**
 * `text` as PostgreSQL can store it: without U+0000 and without lone surrogates. U+0000 becomes U+0001 U+0001, and U+0001
 * becomes U+0001 U+0002, so that the order of texts stays the same.
 */
export function toStored(text: string): string {
  return text.toWellFormed().replaceAll('\u0001', STORED_1).replaceAll('\0', STORED_0);
}

/** The same for a column that may be null. */
export function toStoredOrNull(text: string | null): string | null {
  return text === null ? null : toStored(text);
}

/** The text from {@link toStored}. */
export function fromStored(stored: string): string {
  return stored.replaceAll(STORED_0, '\0').replaceAll(STORED_1, '\u0001');
}

/** The same for a column that may be null. */
export function fromStoredOrNull(stored: string | null): string | null {
  return stored === null ? null : fromStored(stored);
}
