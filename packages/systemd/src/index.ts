export { examineService, findServiceUser } from './doctor/doctor.ts';
export type { UnitFinding } from './doctor/examine.pure.ts';
export {
  type InstallationOptions,
  install,
  planInstallation,
  planUninstallation,
  uninstall,
} from './install/installation.ts';
export type { InstallAction, PlannedFile, RemoveAction } from './install/plan.ts';
export { BOOTED, findUnits } from './manager/find.ts';
export { lingers } from './manager/linger.ts';
export { installedHome, type RecordDesired } from './manager/supervision.ts';
export { createUnitManager, type UnitManager, type UnitManagerOptions } from './manager/unit-manager.ts';
export type { UnitStatus } from './manager/unit-status.ts';
export { DASHBOARD_UNIT, DEFAULTS, gatewayUnit, type Scope, type UnitDefinition } from './unit/definition.ts';
export { unitDirectory, unitPaths } from './unit/files.ts';
export { type Authorship, authorshipOf } from './unit/signed.ts';
