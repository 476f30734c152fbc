import type { Scope, UnitDefinition } from './definition.ts';
import { ISOLATION } from './hardening.pure.ts';
import { serviceSections } from './sections.pure.ts';
import { type Setting, unitText } from './unit-file.pure.ts';

/** Longer than a gateway with the default `restart_drain_timeout` takes; it asks for more where it needs more. */
const GATEWAY_STOP_SECONDS = 90;

/** Longer than requests under way delay the end of the dashboard. */
const DASHBOARD_STOP_SECONDS = 15;

/** Secrets of the dashboard that its unit passes on. */
const DASHBOARD_CREDENTIALS = [
  'HERMES_DASHBOARD_DRAIN_SECRET',
  'HERMES_DASHBOARD_WEBHOOK_SECRET',
  'HERMES_DASHBOARD_WEBHOOK_URL',
] as const;

/** The text of the template `hermes-gateway@.service`. @throws RangeError for a path that a unit cannot contain. */
export function gatewayTemplateText({ scope, home, runAs, gateway }: UnitDefinition): string {
  return unitText(
    serviceSections({
      scope,
      home,
      runAs,
      description: 'Hermes gateway of the profile %i',
      command: gateway,
      args: 'run --profile %i',
      environment: {},
      credentials: new Map([['API_SERVER_KEY', 'hermes-gateway@%i.API_SERVER_KEY']]),
      stopSeconds: GATEWAY_STOP_SECONDS,
      install: [...wantedBy(scope), ['DefaultInstance', 'default']],
    }),
  );
}

/** The text of a drop-in of the template, for gateways whose agents are isolated by bwrap. */
export function isolationText(): string {
  return unitText([{ name: 'Service', lines: ISOLATION }]);
}

/** The text of `hermes-dashboard.service`. @throws RangeError for a path that a unit cannot contain. */
export function dashboardText({ scope, home, runAs, dashboard }: UnitDefinition): string {
  return unitText(
    serviceSections({
      scope,
      home,
      runAs,
      description: 'Hermes dashboard',
      command: dashboard,
      args: 'serve',
      environment: { HERMES_SERVICE_MANAGER: scope === 'system' ? 'systemd' : 'systemd-user' },
      credentials: new Map(DASHBOARD_CREDENTIALS.map((name) => [name, `hermes-dashboard.${name}`])),
      stopSeconds: DASHBOARD_STOP_SECONDS,
      install: wantedBy(scope),
    }),
  );
}

function wantedBy(scope: Scope): Setting[] {
  return [['WantedBy', scope === 'system' ? 'multi-user.target' : 'default.target']];
}
