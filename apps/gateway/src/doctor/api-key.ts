import { type Finding, fault, fine, warn } from '@hermes/s6-reconciler';
import { isLoopback, secretWeakness } from '@hermes/service-kit';
import { missingKey } from '../config/load.ts';
import type { GatewayConfig } from '../config/schema.ts';

const CURE = 'export API_SERVER_KEY="$(openssl rand -base64 32)"';

/** Whether clients need a key and whether it can be guessed. */
export function checkApiKey(config: GatewayConfig): Finding {
  const { host, key } = config.api_server;
  const problem = missingKey(config);
  if (problem !== undefined) return fault(problem, CURE);
  if (key === undefined) return fine(`not set, and not needed on ${host}`);
  const weakness = secretWeakness(key);
  if (!weakness) return fine('set');
  const found = `it can be guessed: ${weakness}`;
  return isLoopback(host) ? warn(found, CURE) : fault(found, CURE);
}
