/** The prefix of the variables that our programs read. */
const OURS = /^(HERMES|API_SERVER|DRAINCTL|S6_PROFILE_GATEWAY)_/;

/** The variables that Kubernetes sets for each port of a Service; no program of ours reads their names. */
const PORT_OF_A_LINK = /_PORT_\d+_(TCP|UDP|SCTP)$/;

/** The form of a Service address in variables of Kubernetes and Docker links; no setting of ours has such a value. */
const ADDRESS_OF_A_LINK = /^(tcp|udp|sctp):\/\//;

/**
 * Takes the addresses of Kubernetes Services out of `environment`. A Service named `hermes-dashboard` gives every container
 * of its namespace `HERMES_DASHBOARD_PORT=tcp://10.96.0.5:9119`, which is no setting but has the name of one.
 * @returns a warning that names them, if there were any.
 */
export function dropServiceLinks(environment: NodeJS.ProcessEnv): string | undefined {
  const names = Object.keys(environment).filter((name) => isServiceLink(name, environment[name]));
  for (const name of names) delete environment[name];
  if (names.length === 0) return undefined;
  return `ignoring ${names.join(', ')}: the address of a Kubernetes Service, not a setting; enableServiceLinks: false in the pod keeps it out`;
}

function isServiceLink(name: string, value: string | undefined): boolean {
  return OURS.test(name) && !PORT_OF_A_LINK.test(name) && ADDRESS_OF_A_LINK.test(value ?? '');
}
