/** The result of one read of a contract file. */
export type FileSighting =
  | { readonly kind: 'absent' }
  /** There is something, but it cannot be read as a regular file until it is changed; `code` is the errno name or `ENOTREG`. */
  | { readonly kind: 'unreadable'; readonly code: string }
  /** The content is unknown: the read failed for a temporary or local reason; `code` is the errno name. */
  | { readonly kind: 'unavailable'; readonly code: string }
  /** At most one byte more than the size limit is read, so that a reader can detect "too large". `mtimeMs` is Unix time in ms. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly mtimeMs: number };

/** Whether two reads found the same. Pure. */
export function isSameSighting(a: FileSighting, b: FileSighting): boolean {
  if (a.kind === 'bytes') return b.kind === 'bytes' && a.mtimeMs === b.mtimeMs && isSameText(a.bytes, b.bytes);
  return a.kind === b.kind && (a.kind === 'absent' || !('code' in b) || a.code === b.code);
}

function isSameText(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, index) => byte === b[index]);
}

/** Reasons that lie in the path: it can lead to no file. */
const OF_THE_PATH: readonly string[] = ['ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE'];

/** Reasons that lie in the file: they last until the file is changed. Opening a socket fails with ENXIO. */
const OF_THE_FILE: readonly string[] = ['EACCES', 'EPERM', 'EISDIR', 'ELOOP', 'ENOTREG', 'ENXIO'];

/** The result of an `open` or a `read` that failed with this errno. An errno that is not known to last counts as temporary. */
export function failedRead(code: string): FileSighting {
  return OF_THE_FILE.includes(code) ? { kind: 'unreadable', code } : failedLook(code);
}

/** The result of an `lstat` that failed with this errno: it needs no access to the file, so the path itself is inaccessible. */
export function failedLook(code: string): FileSighting {
  if (code === 'ENOENT') return { kind: 'absent' };
  return { kind: OF_THE_PATH.includes(code) ? 'unreadable' : 'unavailable', code };
}
