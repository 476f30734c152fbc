export { type ConnectOptions, connectToSocket } from './dashboard/connect.ts';
export { DASHBOARD_SOCKET_FILENAME, DASHBOARD_TOKEN_FILENAME } from './dashboard/names.ts';
export { DESIRED_STATE_FILENAME, desiredStatePath } from './desired-state/path.ts';
export { readDesiredState } from './desired-state/read.ts';
export { type DesiredState, desiredStateSchema } from './desired-state/schema.ts';
export { writeDesiredState } from './desired-state/write.ts';
export { currentInstantiationEpoch } from './epoch/epoch.ts';
export { parseStartTime } from './epoch/parse.pure.ts';
export { ContractError, type ContractErrorCode, fileError } from './errors.ts';
export { changeError } from './files/change-error.ts';
export { MAX_FILE_BYTES } from './files/decode.pure.ts';
export { type FileLock, FileLockError, type HeldFileLock, takeFileLock, withFileLock } from './files/file-lock.ts';
export { type Flock, type FlockOptions, lockDescriptor } from './files/flock.ts';
export { holdFileLock } from './files/hold-lock.ts';
export { readSmallFile } from './files/read.ts';
export type { FileSighting } from './files/sighting.ts';
export { holdSpareDescriptors } from './files/spare-descriptors.ts';
export { openSqlite } from './files/sqlite.ts';
export {
  type Distrust,
  readTrustedFile,
  type TrustedFile,
  type TrustRules,
  UNTRUSTED_PLACE,
  UntrustedFileError,
} from './files/trusted-file.ts';
export { HOME_LOCK_FILENAME, JOURNAL_FILENAME } from './gateway/names.ts';
export { type HomeOptions, resolveHome } from './home.ts';
export { drainIdentity, publishedIdentity } from './marker/identity.ts';
export { beganAt, type GatewayVerdictOptions, isLiveReference, readGatewayVerdict } from './marker/own-drain.ts';
export { type DrainRequestFields, type ParsedMarker, parseMarker } from './marker/parse.pure.ts';
export { drainRequestPath } from './marker/path.ts';
export {
  drainNotificationSuppressed,
  drainRequested,
  readDrainRequest,
  readDrainVerdict,
  type VerdictOptions,
} from './marker/read.ts';
export {
  DRAIN_LOCK_FILENAME,
  DRAIN_REQUEST_FILENAME,
  type DrainRequest,
  type DrainRequestBody,
  drainRequestSchema,
  LEAD_SECONDS,
  leadSecondsSchema,
  MAX_AGE_SECONDS,
  MAX_REASON_LENGTH,
  maxAgeSecondsSchema,
  reasonSchema,
  requestIdSchema,
} from './marker/schema.pure.ts';
export {
  type ActiveReason,
  type ActiveVerdict,
  type AnnouncedVerdict,
  type DrainVerdict,
  drainVerdict,
  type InactiveReason,
  type InactiveVerdict,
  isDrainHeld,
  judgeMarker,
  MAX_AHEAD_MS,
  type VerdictInput,
} from './marker/verdict.pure.ts';
export {
  type ClearDrainRequestOptions,
  cancelDrainRequest,
  clearDrainRequest,
  keepRoomForDrainRequest,
  type WriteDrainRequestOptions,
  writeDrainRequest,
} from './marker/write.ts';
export { migrateHome, returnHome } from './migration/migrate.ts';
export { isMigrated, isServedByReference, MIGRATION_FILENAME } from './migration/record.ts';
export { isMountPoint, readMounts } from './mounts/look.ts';
export { type Mount, mountOf } from './mounts/mountinfo.pure.ts';
export { becomeOwner, requireRootsOwn } from './owner/become.ts';
export { inspectProfiles, type Profile, type UnusableProfile } from './profile/inspect.ts';
export { DEFAULT_PROFILE, isProfileName, MAX_PROFILE_NAME_LENGTH } from './profile/name.pure.ts';
export { PROFILE_MARK_FILENAME, profileHome, profilesDirectory } from './profile/path.ts';
export { findProfile, listProfiles } from './profile/profile.ts';
export { isSafeToStop, REFERENCE_LOOKS_MS } from './quiescence/safe-to-stop.pure.ts';
export { dropServiceLinks } from './service-links.ts';
export { ServiceError, type ServiceErrorKind } from './service-manager/error.ts';
export {
  type RegisterOptions,
  SERVICE_STATES,
  type ServiceManager,
  type ServiceState,
  type ServiceStatus,
} from './service-manager/service-manager.ts';
export { shellLine } from './shell-line.ts';
export {
  readGatewayState,
  type WriteGatewayStateOptions,
  writeGatewayState,
  writeGatewayStateNow,
} from './state/file.ts';
export {
  HEARTBEAT_INTERVAL_MS,
  HEARTBEAT_TIMEOUT_MS,
  isGatewayLive,
  SAFE_STATE_TIMEOUT_MS,
} from './state/liveness.pure.ts';
export {
  type GatewayObservation,
  hasGatewayDied,
  type Liveness,
  type ObserveOptions,
  observeGateway,
} from './state/observe.ts';
export { GATEWAY_STATE_FILENAME, gatewayStatePath } from './state/path.ts';
export { processStartTime } from './state/process.ts';
export type { ProcessRecord } from './state/reference.pure.ts';
export { FLOCK_FILENAME, PID_FILENAME, registeredGateway } from './state/reference-process.ts';
export {
  lookAtRestartPolicy,
  type RestartPolicySighting,
  type RestartPolicyView,
  readRestartPolicyView,
} from './state/restart-policy.ts';
export {
  type ActiveWork,
  activeWorkSchema,
  CHANNEL_STATES,
  type ChannelState,
  type ChannelStatus,
  channelStatusSchema,
  type DrainObservation,
  drainObservationSchema,
  type GatewayExit,
  type GatewayState,
  type GatewayStateView,
  gatewayExitSchema,
  gatewayStateSchema,
  gatewayStateViewSchema,
  LIFECYCLE_STATES,
  type LifecycleState,
  MAX_ACTIVE_WORK,
  type SharedTurns,
  sharedTurnsSchema,
} from './state/schema.pure.ts';
export { formatIsoDateTime, parseIsoDateTime } from './time.ts';
export { visibleInJson, visibleJson, visibleText } from './visible-text.pure.ts';
