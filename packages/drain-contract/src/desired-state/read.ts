import { decodeJsonObject } from '../files/decode.pure.ts';
import { readSmallFile } from '../files/read.ts';
import type { HomeOptions } from '../home.ts';
import { desiredStatePath } from './path.ts';
import type { DesiredState } from './schema.ts';

/** The desired state; `undefined` when there is none that can be read. Never throws. */
export function readDesiredState(options: HomeOptions = {}): DesiredState | undefined {
  const sighting = readSmallFile(desiredStatePath(options));
  if (sighting.kind !== 'bytes') return undefined;
  const { desired_state, updated_at } = decodeJsonObject(sighting.bytes) ?? {};
  // A hand-written copy of the schema, which a test compares: loading zod takes longer than reading a hundred desired states.
  if (desired_state !== 'running' && desired_state !== 'stopped') return undefined;
  return { desired_state, updated_at: typeof updated_at === 'string' ? updated_at : null };
}
