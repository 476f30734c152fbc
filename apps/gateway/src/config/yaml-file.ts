import { fileError, MAX_FILE_BYTES, readSmallFile } from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';

/** A YAML file of keys and values that knows the line of each key. */
export interface YamlFile {
  readonly path: string;
  readonly value: Readonly<Record<string, unknown>>;
  /** The line of the innermost part of `key` that is in the file, starting at 1. */
  lineOf(key: readonly PropertyKey[]): number;
}

/** Reads a YAML file; a missing file is empty. @throws StartupError that names the file and the line. */
export function readYamlFile(path: string): YamlFile {
  const sighting = readSmallFile(path);
  if (sighting.kind === 'absent') return { path, value: {}, lineOf: () => 1 };
  if (sighting.kind === 'unreadable') {
    const expected = 'expected a regular file that this user can read';
    throw new StartupError(`cannot read ${path}: ${sighting.code}; ${expected}`, { cause: sighting });
  }
  if (sighting.kind === 'unavailable') throw fileError('read', path, { code: sighting.code });
  const lines = new LineCounter();
  const document = parseDocument(decodeText(path, sighting.bytes), { lineCounter: lines, prettyErrors: false });
  const broken = document.errors[0];
  if (broken) {
    // The text after a colon quotes the file, which may contain secrets.
    const mistake = broken.message.split(':')[0];
    throw new StartupError(`${path}: line ${lines.linePos(broken.pos[0]).line}: not valid YAML: ${mistake}`);
  }
  const value = toValue(path, document);
  if (!isMapping(value)) throw new StartupError(`${path}: expected keys and values, found ${describe(value)}`);
  return { path, value, lineOf: (key) => lines.linePos(offsetOf(document, key)).line };
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

function decodeText(path: string, bytes: Uint8Array): string {
  if (bytes.byteLength > MAX_FILE_BYTES)
    throw new StartupError(`${path}: too large; expected at most ${MAX_FILE_BYTES} bytes`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new StartupError(`${path}: expected text in UTF-8, found other bytes`);
  }
}

/** The parser resolves aliases only here, and refuses aliases that would grow without limit. */
function toValue(path: string, document: Document): unknown {
  try {
    return document.toJS() ?? {};
  } catch {
    throw new StartupError(`${path}: not valid YAML: an alias has no anchor before it, or there are too many of them`);
  }
}

/** The position of the innermost part of `key` in the text. */
function offsetOf(document: Document, key: readonly PropertyKey[]): number {
  let offset = 0;
  let node: unknown = document.contents;
  for (const name of key) {
    if (isSeq(node)) {
      const item: unknown = node.items[Number(name)];
      if (!isNode(item)) break;
      offset = item.range?.[0] ?? offset;
      node = item;
      continue;
    }
    const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === name) : undefined;
    if (!isScalar(pair?.key)) break;
    offset = pair.key.range?.[0] ?? offset;
    node = pair.value;
  }
  return offset;
}
