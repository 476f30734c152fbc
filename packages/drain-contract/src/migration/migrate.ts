import { desiredStatePath } from '../desired-state/path.ts';
import type { DesiredState } from '../desired-state/schema.ts';
import { writeDesiredState } from '../desired-state/write.ts';
import { decodeJsonObject, encodeJson, MAX_FILE_BYTES } from '../files/decode.pure.ts';
import { readSmallFile } from '../files/read.ts';
import { removeFile, replaceFile } from '../files/write.ts';
import { type HomeOptions, resolveHome } from '../home.ts';
import { gatewayStatePath } from '../state/path.ts';
import { isStateOfReference, REFERENCE_KIND, withoutInheritedFields } from '../state/reference.pure.ts';
import { formatIsoDateTime } from '../time.ts';
import { type Migration, migrationPath, readMigratedState } from './record.ts';

/** Fields about a process, which mean nothing after its end. */
const OF_A_PROCESS = ['pid', 'start_time', 'argv', 'active_work', 'updated_at'];

/**
 * Prepares a home of the reference system for a gateway of ours: records its state file for the way back, and the desired
 * state where our reconciler looks first. Done twice, it does the same. No gateway may serve the home meanwhile.
 * @throws ContractError; then it can be called again.
 */
export async function migrateHome(desired: DesiredState['desired_state'], options: HomeOptions = {}): Promise<void> {
  const record: Migration = { migrated_at: formatIsoDateTime(Date.now()), state: stateToKeep(options) };
  await replaceFile(migrationPath(options), encodeJson(record), 0o600);
  await writeDesiredState(desired, options);
}

/**
 * Undoes {@link migrateHome}: the state file becomes one of the reference system, which finds the desired state there. A
 * home that was never migrated can be given to it as well. No gateway may serve the home meanwhile.
 * @throws ContractError; then it can be called again.
 */
export async function returnHome(desired: DesiredState['desired_state'], options: HomeOptions = {}): Promise<void> {
  const state = {
    ...stateToKeep(options),
    kind: REFERENCE_KIND,
    hermes_home: resolveHome(options),
    // That system's older versions know no desired state, and start what was running.
    gateway_state: desired,
    desired_state: desired,
    active_agents: 0,
    restart_requested: false,
    updated_at: formatIsoDateTime(Date.now()),
  };
  await replaceFile(gatewayStatePath(options), encodeJson(state));
  // From here on, the field in the state file is the only desired state, for our reconciler, too.
  await removeFile(desiredStatePath(options));
  await removeFile(migrationPath(options));
}

/** The reference system's fields: those of its state file, or, once ours is in its place, of the record. */
function stateToKeep(options: HomeOptions): Migration['state'] {
  const sighting = readSmallFile(gatewayStatePath(options));
  const body = sighting.kind === 'bytes' ? decodeJsonObject(sighting.bytes) : undefined;
  const state = body && isStateOfReference(body) ? withoutInheritedFields(body) : readMigratedState(options);
  const kept = Object.fromEntries(Object.entries(state).filter(([name]) => !OF_A_PROCESS.includes(name)));
  // The files that we write must be such that we read them.
  return Buffer.byteLength(encodeJson(kept)) <= MAX_FILE_BYTES / 2 ? kept : {};
}
