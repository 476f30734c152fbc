/** The largest contract file a reader accepts, in bytes. */
export const MAX_FILE_BYTES = 64 * 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The JSON object that `bytes` hold, or `undefined` for anything else: invalid UTF-8, a byte order mark, cut off,
 * another JSON type, or more than {@link MAX_FILE_BYTES}.
 */
export function decodeJsonObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  if (bytes.byteLength > MAX_FILE_BYTES) return undefined;
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes));
    return isPlainObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The bytes that Python's `json.dump(value, indent=2, ensure_ascii=False)` writes for the same value. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
