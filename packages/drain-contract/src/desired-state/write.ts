import { encodeJson } from '../files/decode.pure.ts';
import { replaceFile } from '../files/write.ts';
import type { HomeOptions } from '../home.ts';
import { formatIsoDateTime } from '../time.ts';
import { desiredStatePath } from './path.ts';
import type { DesiredState } from './schema.ts';

/**
 * Records the desired state. Only the service manager may call it.
 * @throws ContractError with the old desired state intact, unless it says "cannot durably write".
 */
export async function writeDesiredState(
  desiredState: DesiredState['desired_state'],
  options: HomeOptions = {},
): Promise<DesiredState> {
  const desired: DesiredState = { desired_state: desiredState, updated_at: formatIsoDateTime(Date.now()) };
  await replaceFile(desiredStatePath(options), encodeJson(desired));
  return desired;
}
