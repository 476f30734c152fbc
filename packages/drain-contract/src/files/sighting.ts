/** What one look at a contract file found. */
export type FileSighting =
  | { readonly kind: 'absent' }
  /** There is something, but it cannot be read as a regular file; `code` is the errno name or `ENOTREG`. */
  | { readonly kind: 'unreadable'; readonly code: string }
  /** At most one byte more than the size limit is read, so that a reader can tell "too large". `mtimeMs` is Unix time in ms. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly mtimeMs: number };

/** Whether two looks found the same. Pure. */
export function isSameSighting(a: FileSighting, b: FileSighting): boolean {
  if (a.kind === 'bytes') return b.kind === 'bytes' && a.mtimeMs === b.mtimeMs && isSameText(a.bytes, b.bytes);
  return a.kind === b.kind && (a.kind === 'absent' || b.kind !== 'unreadable' || a.code === b.code);
}

function isSameText(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, index) => byte === b[index]);
}
