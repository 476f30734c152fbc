/** What one look at a contract file found. */
export type FileSighting =
  | { readonly kind: 'absent' }
  /** There is something, but it cannot be read as a regular file; `code` is the errno name or `ENOTREG`. */
  | { readonly kind: 'unreadable'; readonly code: string }
  /** At most one byte more than the size limit is read, so that a reader can tell "too large". `mtimeMs` is Unix time in ms. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly mtimeMs: number };
