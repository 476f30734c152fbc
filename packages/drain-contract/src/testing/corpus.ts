import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FileSighting } from '../files/sighting.ts';

/** The directory of the corpus, whose README.md defines what follows. */
export const CORPUS = fileURLToPath(new URL('../../corpus/', import.meta.url));

type Piece = ({ readonly utf8: string } | { readonly base64: string }) & { readonly times?: number };

/** One marker, a situation, and the verdict that is due. */
export interface CorpusCase {
  readonly name: string;
  readonly marker:
    | null
    | string
    | { readonly unreadable: string }
    | { readonly unavailable: string }
    | readonly Piece[];
  readonly age?: number;
  readonly epoch: string;
  readonly now: number;
  readonly expect: {
    readonly active: boolean;
    readonly reason: string;
    readonly suppressed: boolean;
    readonly body?: unknown;
    readonly expires_at?: number;
    readonly request?: Readonly<Record<string, unknown>>;
  };
  readonly note?: string;
}

/** A file of the corpus, by its name. */
export function readCorpusFile(name: string): { readonly about: string; readonly cases: readonly CorpusCase[] } {
  return JSON.parse(readFileSync(CORPUS + name, 'utf8'));
}

/** What a reader of the case's marker sees. */
export function sightingOfCase({ marker, age = 0, now }: CorpusCase): FileSighting {
  if (marker === null) return { kind: 'absent' };
  if (typeof marker === 'object' && 'unreadable' in marker) return { kind: 'unreadable', code: marker.unreadable };
  if (typeof marker === 'object' && 'unavailable' in marker) return { kind: 'unavailable', code: marker.unavailable };
  const pieces = typeof marker === 'string' ? [{ utf8: marker }] : marker;
  return { kind: 'bytes', bytes: Buffer.concat(pieces.map(bytesOf)), mtimeMs: now - age * 1000 };
}

function bytesOf(piece: Piece): Buffer {
  const once = 'utf8' in piece ? Buffer.from(piece.utf8, 'utf8') : Buffer.from(piece.base64, 'base64');
  return Buffer.concat(Array.from({ length: piece.times ?? 1 }, () => once));
}
