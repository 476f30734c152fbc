import { readSmallFile } from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';
import { LineCounter, parseDocument } from 'yaml';

/** A YAML file of keys and values that knows where each key stands. */
export interface YamlFile {
  readonly path: string;
  readonly value: Readonly<Record<string, unknown>>;
  /** The line of the innermost part of `key` that is in the file, counted from 1. */
  lineOf(key: readonly PropertyKey[]): number;
}

/** Reads a YAML file; one that does not exist is empty. @throws StartupError that names the file and the line. */
export function readYamlFile(path: string): YamlFile {
  const sighting = readSmallFile(path);
  if (sighting.kind === 'absent') return { path, value: {}, lineOf: () => 1 };
  if (sighting.kind === 'unreadable') {
    throw new StartupError(`cannot read ${path}: ${sighting.code}; it must be a regular file that this user may read`);
  }
  const lines = new LineCounter();
  const document = parseDocument(Buffer.from(sighting.bytes).toString('utf8'), { lineCounter: lines });
  const broken = document.errors[0];
  if (broken) throw new StartupError(`${path}: not valid YAML: ${broken.message.split('\n')[0]}`);
  const value: unknown = document.toJS() ?? {};
  if (!isMapping(value)) throw new StartupError(`${path}: expected keys and values, found ${describe(value)}`);
  const lineOf = (key: readonly PropertyKey[]): number => {
    const node = key.length > 0 ? (document.getIn(key, true) as { range?: [number] } | undefined) : document.contents;
    if (node?.range) return lines.linePos(node.range[0]).line;
    return key.length > 0 ? lineOf(key.slice(0, -1)) : 1;
  };
  return { path, value, lineOf };
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
