export {
  type InstallationOptions,
  install,
  planInstallation,
  planUninstallation,
  uninstall,
} from './install/installation.ts';
export type { InstallAction, PlannedFile, RemoveAction } from './install/plan.ts';
export { BOOTED, findUnits } from './manager/find.ts';
export { installedHome, type RecordDesired, readUnits } from './manager/supervision.ts';
export { createUnitManager, type UnitManager, type UnitManagerOptions } from './manager/unit-manager.ts';
export { parseSpan, type UnitProperties } from './manager/unit-properties.pure.ts';
export type { UnitStatus } from './manager/unit-status.ts';
export { DASHBOARD_UNIT, DEFAULTS, gatewayUnit, type Scope, type UnitDefinition } from './unit/definition.ts';
export { unitDirectory, unitPaths } from './unit/files.ts';
export { type Authorship, authorshipOf } from './unit/signed.ts';
