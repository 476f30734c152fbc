import { decodeJsonObject, encodeJson } from '../files/decode.ts';
import { readSmallFile } from '../files/read.ts';
import { replaceFile } from '../files/write.ts';
import type { HomeOptions } from '../home.ts';
import { gatewayStatePath } from './path.ts';
import { type GatewayState, type GatewayStateView, gatewayStateViewSchema } from './schema.ts';

/** What the gateway last said it is; `undefined` when the file is absent, unreadable or corrupt. Never throws. */
export function readGatewayState(options: HomeOptions = {}): GatewayStateView | undefined {
  const sighting = readSmallFile(gatewayStatePath(options));
  const body = sighting.kind === 'bytes' ? decodeJsonObject(sighting.bytes) : undefined;
  return body && gatewayStateViewSchema.parse(body);
}

/**
 * Publishes the gateway's state. Only that gateway may call it.
 * @throws ContractError with the old state intact, unless it says "cannot durably write".
 */
export async function writeGatewayState(state: GatewayState, options: HomeOptions = {}): Promise<void> {
  await replaceFile(gatewayStatePath(options), encodeJson(state));
}
