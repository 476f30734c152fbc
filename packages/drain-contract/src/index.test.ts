import { describe, expect, it } from 'vitest';
import * as contract from './index.ts';

/** Other programs are written against these names: a new one is a minor release, one that goes is a major one. */
const PUBLIC_NAMES = [
  'CHANNEL_STATES',
  'ContractError',
  'DASHBOARD_SOCKET_FILENAME',
  'DASHBOARD_TOKEN_FILENAME',
  'DEFAULT_PROFILE',
  'DESIRED_STATE_FILENAME',
  'DRAIN_LOCK_FILENAME',
  'DRAIN_REQUEST_FILENAME',
  'FLOCK_FILENAME',
  'FileLockError',
  'GATEWAY_STATE_FILENAME',
  'HEARTBEAT_INTERVAL_MS',
  'HEARTBEAT_TIMEOUT_MS',
  'LEAD_SECONDS',
  'LIFECYCLE_STATES',
  'MAX_ACTIVE_WORK',
  'MAX_AGE_SECONDS',
  'MAX_FILE_BYTES',
  'MAX_PROFILE_NAME_LENGTH',
  'MAX_REASON_LENGTH',
  'PID_FILENAME',
  'PROFILE_MARK_FILENAME',
  'REFERENCE_LOOKS_MS',
  'SAFE_STATE_TIMEOUT_MS',
  'SERVICE_STATES',
  'ServiceError',
  'UNTRUSTED_PLACE',
  'UntrustedFileError',
  'activeWorkSchema',
  'becomeOwner',
  'beganAt',
  'cancelDrainRequest',
  'changeError',
  'channelStatusSchema',
  'clearDrainRequest',
  'connectToSocket',
  'currentInstantiationEpoch',
  'desiredStatePath',
  'desiredStateSchema',
  'drainIdentity',
  'drainNotificationSuppressed',
  'drainObservationSchema',
  'drainRequestPath',
  'drainRequestSchema',
  'drainRequested',
  'drainVerdict',
  'dropServiceLinks',
  'fileError',
  'findProfile',
  'formatIsoDateTime',
  'gatewayExitSchema',
  'gatewayStatePath',
  'gatewayStateSchema',
  'gatewayStateViewSchema',
  'hasGatewayDied',
  'holdFileLock',
  'holdSpareDescriptors',
  'inspectProfiles',
  'isDrainHeld',
  'isGatewayLive',
  'isLiveReference',
  'isMountPoint',
  'isProfileName',
  'isSafeToStop',
  'judgeMarker',
  'keepRoomForDrainRequest',
  'leadSecondsSchema',
  'listProfiles',
  'lockDescriptor',
  'lookAtRestartPolicy',
  'maxAgeSecondsSchema',
  'mountOf',
  'observeGateway',
  'openSqlite',
  'parseIsoDateTime',
  'parseMarker',
  'parseStartTime',
  'processStartTime',
  'profileHome',
  'profilesDirectory',
  'publishedIdentity',
  'readDesiredState',
  'readDrainRequest',
  'readDrainVerdict',
  'readGatewayState',
  'readGatewayVerdict',
  'readMounts',
  'readRestartPolicyView',
  'readSmallFile',
  'readTrustedFile',
  'reasonSchema',
  'registeredGateway',
  'requestIdSchema',
  'requireRootsOwn',
  'resolveHome',
  'sharedTurnsSchema',
  'shellLine',
  'takeFileLock',
  'visibleInJson',
  'visibleJson',
  'visibleText',
  'withFileLock',
  'writeDesiredState',
  'writeDrainRequest',
  'writeGatewayState',
  'writeGatewayStateNow',
];

describe('the public surface', () => {
  it('is exactly this', () => {
    expect(Object.keys(contract).sort()).toEqual(PUBLIC_NAMES);
  });

  it('has functions, schemas, constants and one class', () => {
    const kinds = Object.entries(contract).filter(([name]) => /^[a-z]/.test(name) && !name.endsWith('Schema'));
    expect(kinds.filter(([, value]) => typeof value !== 'function')).toEqual([]);
  });

  it('has the file names that other programs look for', () => {
    expect([contract.DRAIN_REQUEST_FILENAME, contract.GATEWAY_STATE_FILENAME, contract.DESIRED_STATE_FILENAME]).toEqual(
      ['.drain_request.json', 'gateway_state.json', 'desired_state.json'],
    );
  });

  it('has a heartbeat that may be missed twice', () => {
    expect([contract.HEARTBEAT_INTERVAL_MS, contract.HEARTBEAT_TIMEOUT_MS]).toEqual([10_000, 30_000]);
  });
});
