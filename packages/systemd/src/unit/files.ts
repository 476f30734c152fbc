import { homedir } from 'node:os';
import { join } from 'node:path';
import { DASHBOARD_UNIT, GATEWAY_TEMPLATE, type Scope, type UnitDefinition } from './definition.ts';
import { polkitText, sysusersText } from './machine-files.ts';
import { dashboardText, gatewayTemplateText, isolationText } from './services.ts';
import { signed } from './signed.ts';

/** One file of an installation. */
export interface InstalledFile {
  /** Absolute path. */
  readonly path: string;
  readonly text: string;
}

/** The directory of the units that an administrator, or a user, has installed. */
export function unitDirectory(scope: Scope, environment: NodeJS.ProcessEnv = process.env): string {
  if (scope === 'system') return '/etc/systemd/system';
  return join(environment['XDG_CONFIG_HOME'] || join(environment['HOME'] || homedir(), '.config'), 'systemd/user');
}

/** The optional parts of an installation. */
export interface InstallParts {
  readonly dashboard: boolean;
  /** Whether gateways can isolate their agents with bwrap. */
  readonly isolation: boolean;
}

/** Every file of an installation. @throws RangeError for a path that a unit cannot contain. */
export function installedFiles(
  definition: UnitDefinition,
  parts: InstallParts,
  environment: NodeJS.ProcessEnv = process.env,
): InstalledFile[] {
  const units = unitDirectory(definition.scope, environment);
  const isSystem = definition.scope === 'system';
  const file = (path: string, text: string, comment: '#' | '//' = '#') => ({ path, text: signed(text, comment) });
  return [
    file(join(units, GATEWAY_TEMPLATE), gatewayTemplateText(definition)),
    ...(parts.isolation ? [file(join(units, ISOLATION_DROP_IN), isolationText())] : []),
    ...(isSystem ? [file(SYSUSERS, sysusersText(definition))] : []),
    ...(parts.dashboard ? [file(join(units, DASHBOARD_UNIT), dashboardText(definition))] : []),
    ...(parts.dashboard && isSystem ? [file(POLKIT_RULE, polkitText(definition), '//')] : []),
  ];
}

/** The paths of the units of an installation, there or not. */
export function unitPaths(scope: Scope, environment: NodeJS.ProcessEnv = process.env): string[] {
  return [GATEWAY_TEMPLATE, DASHBOARD_UNIT].map((name) => join(unitDirectory(scope, environment), name));
}

/** Beside the template. */
const ISOLATION_DROP_IN = `${GATEWAY_TEMPLATE}.d/50-isolation.conf`;

/** Where a file of `deploy/systemd` belongs has its name, too. */
export const SYSUSERS = '/etc/sysusers.d/hermes.conf';
export const POLKIT_RULE = '/etc/polkit-1/rules.d/50-hermes-dashboard.rules';
