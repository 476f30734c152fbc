import type { Logger } from '@hermes/service-kit';
import type { AgentProcess } from '../../../journal/turn-store.ts';
import type { AgentContext, AgentRequest } from '../../agent.ts';
import type { CommandAgentConfig } from '../../config.ts';
import type { Isolation } from '../../isolation/isolation.ts';
import { commandEnvironment } from '../environment.ts';
import { writeHistory } from '../history-file.ts';
import { Launch } from '../launcher.ts';
import { identify, stored } from '../start-command.ts';
import type { TurnFile } from '../turn-file.ts';
import type { ProcessList } from './process-list.ts';
import { SessionProcess } from './session-process.ts';

export interface SessionStart {
  readonly config: CommandAgentConfig;
  readonly context: AgentContext;
  readonly isolation: Isolation | undefined;
  readonly list: ProcessList;
  /** The first message. */
  readonly request: AgentRequest;
  readonly log: Logger;
}

export interface StartedSession {
  readonly process: SessionProcess;
  readonly identity: AgentProcess;
  /** To be removed when the process has ended. */
  readonly history: TurnFile | undefined;
}

/** Starts the command of a session; its id is stored before it does anything. @throws as startCommand. */
export async function startSession(start: SessionStart): Promise<StartedSession> {
  const { config, context, isolation, list, request, log } = start;
  const history = await stored(() => writeHistory(context.home, request));
  let launch: Launch | undefined;
  let process: SessionProcess | undefined;
  let identity: AgentProcess | undefined;
  try {
    launch = await Launch.prepare({
      command: [...(isolation?.prefixShowing(history === undefined ? [] : [history.path]) ?? []), ...config.command],
      cwd: isolation === undefined ? config.cwd : '/',
      environment: commandEnvironment(context.environment, config.environment, request, { history }),
      stdin: 'pipe',
    });
    const { child, pid } = launch;
    process = new SessionProcess(child, pid, config, { log, isIsolated: isolation !== undefined });
    process.lastTurn = request.history?.at(-1)?.id;
    const known = await stored(async () => identify(pid));
    identity = known;
    await stored(async () => list.add(request.turn, known));
    await stored(() => context.recordProcess(request.turn, known));
    const code = await launch.run();
    if (code !== undefined) throw Object.assign(new Error('the command did not start'), { code });
    process.begin();
    return { process, identity: known, history };
  } catch (error) {
    process?.stop();
    await process?.ended;
    if (identity) list.remove(identity);
    await history?.remove();
    throw error;
  } finally {
    launch?.release();
  }
}
