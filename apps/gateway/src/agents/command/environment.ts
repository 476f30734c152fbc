import type { AgentRequest } from '../agent.ts';
import { TURN_MARK } from '../processes/orphans.ts';
import type { TurnFile } from './turn-file.ts';

/** The supervisor uses it to find tools that outlive a killed gateway. */
const SLOT_MARK = 'HERMES_SLOT';

/** The files for a turn. */
export interface TurnFiles {
  /** What came before. */
  readonly history?: TurnFile | undefined;
  /** The parts of the message. */
  readonly content?: TurnFile | undefined;
}

/** The environment of a command: selected variables of the gateway, its session, its turn, and the files for it. */
export function commandEnvironment(
  all: Readonly<NodeJS.ProcessEnv>,
  allowed: readonly string[],
  { session, turn }: AgentRequest,
  { history, content }: TurnFiles = {},
): NodeJS.ProcessEnv {
  const names = [...allowed, SLOT_MARK];
  const passed = names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]]));
  const files = {
    ...(history && { HERMES_HISTORY_FILE: history.path }),
    ...(content && { HERMES_CONTENT_FILE: content.path }),
  };
  return { ...Object.fromEntries(passed), HERMES_SESSION: session, [TURN_MARK]: turn, ...files };
}
