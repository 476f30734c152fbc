import type { AgentRequest } from '../agent.ts';
import { TURN_MARK } from '../processes/orphans.ts';

/** By it the supervisor finds the tools that outlive a gateway which was killed. */
const SLOT_MARK = 'HERMES_SLOT';

/** What a command gets of the variables of the gateway, and its session and turn. */
export function commandEnvironment(
  all: Readonly<NodeJS.ProcessEnv>,
  allowed: readonly string[],
  { session, turn }: AgentRequest,
): NodeJS.ProcessEnv {
  const names = [...allowed, SLOT_MARK];
  const passed = names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]]));
  return { ...Object.fromEntries(passed), HERMES_SESSION: session, [TURN_MARK]: turn };
}
