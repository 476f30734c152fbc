import type { UnitDefinition } from './definition.ts';
import { unitWord } from './unit-file.pure.ts';

/** The user of the programs, for systemd-sysusers. */
export function sysusersText({ runAs, home }: UnitDefinition): string {
  return `u ${runAs} - "Hermes gateways" ${unitWord(home)} /usr/sbin/nologin\n`;
}

/**
 * The rule of polkit by which the dashboard, as the user of the programs, restarts gateways. It may not enable units:
 * who may do that can have anything run as root.
 */
export function polkitText({ runAs }: UnitDefinition): string {
  return `polkit.addRule(function (action, subject) {
  if (
    action.id == "org.freedesktop.systemd1.manage-units" &&
    subject.user == ${JSON.stringify(runAs)} &&
    /^hermes-gateway@[a-z0-9][a-z0-9_-]*\\.service$/.test(action.lookup("unit")) &&
    ["start", "stop", "restart", "reset-failed"].indexOf(action.lookup("verb")) >= 0
  ) {
    return polkit.Result.YES;
  }
});
`;
}
