import type { AgentRequest } from '../agent.ts';
import { TURN_MARK } from '../processes/orphans.ts';

/** The supervisor uses it to find tools that outlive a killed gateway. */
const SLOT_MARK = 'HERMES_SLOT';

/** The environment of a command: selected variables of the gateway, its session, its turn, and what came before. */
export function commandEnvironment(
  all: Readonly<NodeJS.ProcessEnv>,
  allowed: readonly string[],
  { session, turn }: AgentRequest,
  historyPath?: string,
): NodeJS.ProcessEnv {
  const names = [...allowed, SLOT_MARK];
  const passed = names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]]));
  const history = historyPath === undefined ? {} : { HERMES_HISTORY_FILE: historyPath };
  return { ...Object.fromEntries(passed), HERMES_SESSION: session, [TURN_MARK]: turn, ...history };
}
