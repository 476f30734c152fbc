import type { FileSighting } from '../files/sighting.ts';

const encoder = new TextEncoder();

/** The sighting of a file that holds `text`. */
export function sightingOf(text: string | Uint8Array, mtimeMs = 0): FileSighting {
  return { kind: 'bytes', bytes: typeof text === 'string' ? encoder.encode(text) : text, mtimeMs };
}

/** The sighting of a marker with these fields. */
export function markerOf(fields: Record<string, unknown>, mtimeMs = 0): FileSighting {
  return sightingOf(JSON.stringify(fields), mtimeMs);
}
