/** Bytes of the header of a write-ahead log. */
export const LOG_HEADER_BYTES = 32;

/** The first word; its last bit is the byte order of the checksums. */
const MAGIC = 0x377f0682;

/**
 * Whether these bytes begin a write-ahead log that SQLite reads. SQLite treats any other log as empty, and drops its
 * commits. The format is documented at https://www.sqlite.org/fileformat2.html#walformat.
 */
export function isLogHeader(bytes: Uint8Array): boolean {
  if (bytes.length < LOG_HEADER_BYTES) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, LOG_HEADER_BYTES);
  const magic = view.getUint32(0);
  if (magic >>> 1 !== MAGIC >>> 1) return false;
  const isLittleEndian = (magic & 1) === 0;
  let [first, second] = [0, 0];
  for (let at = 0; at < LOG_HEADER_BYTES - 8; at += 8) {
    first = (first + view.getUint32(at, isLittleEndian) + second) >>> 0;
    second = (second + view.getUint32(at + 4, isLittleEndian) + first) >>> 0;
  }
  return first === view.getUint32(24) && second === view.getUint32(28);
}
