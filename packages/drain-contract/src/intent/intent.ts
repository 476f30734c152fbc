import { join } from 'node:path';
import { z } from 'zod';
import { decodeJsonObject, encodeJson } from '../files/decode.ts';
import { readSmallFile } from '../files/read.ts';
import { replaceFile } from '../files/write.ts';
import { type HomeOptions, resolveHome } from '../home.ts';
import { formatIsoDateTime } from '../time.ts';

/** Name of the intent file in a profile's home directory. */
export const DESIRED_STATE_FILENAME = 'desired_state.json';

/** The check of an intent file. An `updated_at` of another type is read as `null`, since only people need it. */
export const desiredStateSchema = z.object({
  desired_state: z.enum(['running', 'stopped']),
  updated_at: z.string().nullable().catch(null),
});

/** `desired_state.json`: what the operator wants of a gateway, and since when (ISO 8601). */
export type DesiredState = z.infer<typeof desiredStateSchema>;

/** Absolute path of the intent file. Touches no file. */
export function desiredStatePath(options: HomeOptions = {}): string {
  return join(resolveHome(options), DESIRED_STATE_FILENAME);
}

/** The intent; `undefined` when there is none that can be read. Never throws. */
export function readDesiredState(options: HomeOptions = {}): DesiredState | undefined {
  const sighting = readSmallFile(desiredStatePath(options));
  if (sighting.kind !== 'bytes') return undefined;
  return desiredStateSchema.safeParse(decodeJsonObject(sighting.bytes)).data;
}

/**
 * Records the intent. Only the service manager may call it.
 * @throws ContractError with the old intent intact, unless it says "cannot durably write".
 */
export async function writeDesiredState(
  desiredState: DesiredState['desired_state'],
  options: HomeOptions = {},
): Promise<DesiredState> {
  const intent: DesiredState = { desired_state: desiredState, updated_at: formatIsoDateTime(Date.now()) };
  await replaceFile(desiredStatePath(options), encodeJson(intent));
  return intent;
}
