export { DEFAULT_COMMAND, DEFAULT_SCANDIR, DEFAULT_USER } from './defaults.ts';
export { type Check, formatCheck } from './doctor/check.ts';
export { checkClock } from './doctor/clock.ts';
export { type Finding, fault, fine, reasonOf, unknown, warn } from './doctor/finding.ts';
export { examineHomeMounts } from './doctor/mounts.ts';
export { checkOwner, giveAway, type Ownership } from './doctor/owner.ts';
export {
  createServiceManager,
  findServiceManager,
  type ServiceManagerOptions,
  type SlotManager,
} from './manager/service-manager.ts';
export type { SlotStatus } from './manager/slot-status.ts';
export { bootLogPath, type ReadBootLogOptions, readBootLog } from './reconcile/boot-log.ts';
export type { BootLogEntry } from './reconcile/boot-log-line.ts';
export { type BootDecision, decideAtBoot } from './reconcile/decide-at-boot.ts';
export { type ReconcileOptions, type ReconcileReport, reconcile } from './reconcile/reconcile.ts';
export { MAX_SUPERVISED_NAME_LENGTH, slotName } from './slot/name.ts';
export { isScanned as isSupervising } from './slot/probe.ts';
export { type User, unprivilegedAccount, userToDropTo } from './user.ts';
