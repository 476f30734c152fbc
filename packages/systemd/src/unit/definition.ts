/** Which systemd runs the units: that of the machine, or that of a user. */
export type Scope = 'system' | 'user';

/** Everything that decides the text of the units. */
export interface UnitDefinition {
  readonly scope: Scope;
  /** Absolute path of the root home. */
  readonly home: string;
  /** The user of the programs; only in the scope `system`. */
  readonly runAs: string;
  /** The command line of `hermes-gateway`, the first word as an absolute path. */
  readonly gateway: readonly string[];
  /** The command line of `hermes-dashboard`. */
  readonly dashboard: readonly string[];
}

/** The template: an instance is a profile. */
export const GATEWAY_TEMPLATE = 'hermes-gateway@.service';

export const DASHBOARD_UNIT = 'hermes-dashboard.service';

/** The unit of a profile's gateway. Names of profiles need no escape. */
export function gatewayUnit(profile: string): string {
  return `hermes-gateway@${profile}.service`;
}

/** What `deploy/systemd` contains, and what an installation has by default. */
export const DEFAULTS = {
  home: '/var/lib/hermes',
  runAs: 'hermes',
  gateway: ['/usr/local/bin/hermes-gateway'],
  dashboard: ['/usr/local/bin/hermes-dashboard'],
} as const;
