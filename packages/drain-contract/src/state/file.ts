import { decodeJsonObject, encodeJson } from '../files/decode.pure.ts';
import { readSmallFile } from '../files/read.ts';
import { replaceFileIf, replaceFileNow } from '../files/write.ts';
import type { HomeOptions } from '../home.ts';
import { gatewayStatePath } from './path.ts';
import { withoutInheritedFields } from './reference.pure.ts';
import { type GatewayState, type GatewayStateView, gatewayStateViewSchema } from './schema.pure.ts';

/** What one look at the state file found. */
interface StateSighting {
  readonly state: GatewayStateView | undefined;
  /** The errno name of a look that failed for a passing reason: then `state` says nothing. */
  readonly unavailable?: string;
}

/** Never throws. */
export function lookAtGatewayState(options: HomeOptions = {}): StateSighting {
  const sighting = readSmallFile(gatewayStatePath(options));
  if (sighting.kind === 'unavailable') return { state: undefined, unavailable: sighting.code };
  const body = sighting.kind === 'bytes' ? decodeJsonObject(sighting.bytes) : undefined;
  return { state: body && gatewayStateViewSchema.parse(withoutInheritedFields(body)) };
}

/** What the gateway last said it is; `undefined` when the file is absent, unreadable or corrupt. Never throws. */
export function readGatewayState(options: HomeOptions = {}): GatewayStateView | undefined {
  return lookAtGatewayState(options).state;
}

/**
 * Publishes the gateway's state. Only that gateway may call it.
 * @throws ContractError with the old state intact, unless it says "cannot durably write".
 */
export async function writeGatewayState(state: GatewayState, options: WriteGatewayStateOptions = {}): Promise<void> {
  await replaceFileIf(gatewayStatePath(options), encodeJson(state), options.isCurrent ?? (() => true));
}

/** How to publish a state. */
export interface WriteGatewayStateOptions extends HomeOptions {
  /** Asked at the last moment: a state that is no longer current, since a newer one was published, is dropped. Default: it is. */
  readonly isCurrent?: (() => boolean) | undefined;
}

/**
 * Publishes the gateway's state before it returns, for what must not happen before readers can see it. Not durable; a
 * state does not outlive its process. Only that gateway may call it. @throws ContractError with the old state intact.
 */
export function writeGatewayStateNow(state: GatewayState, options: HomeOptions = {}): void {
  replaceFileNow(gatewayStatePath(options), encodeJson(state));
}
