import { currentInstantiationEpoch } from '@hermes/drain-contract';
import type { Logger } from '@hermes/service-kit';
import type { AgentProcess } from '../../journal/turn-store.ts';
import type { AgentContext, AgentRequest } from '../agent.ts';
import type { CommandAgentConfig } from '../config.ts';
import type { Isolation } from '../isolation/isolation.ts';
import { readProcess } from '../processes/processes.ts';
import { CommandRun } from './command-run.ts';
import { writeContent } from './content-file.ts';
import { commandEnvironment, type TurnFiles } from './environment.ts';
import { writeHistory } from './history-file.ts';
import { Launch } from './launcher.ts';
import { openPrompt } from './prompt-file.ts';

/** The prompt or the process id could not be stored. Nothing has run, so a retry is safe. */
export class StorageFailure extends Error {}

export interface CommandStart {
  readonly config: CommandAgentConfig;
  readonly context: AgentContext;
  readonly isolation: Isolation | undefined;
  readonly request: AgentRequest;
  readonly log: Logger;
  /** Interrupts it like {@link CommandRun.stop}, even before the command runs. */
  readonly signal: AbortSignal;
}

/**
 * Starts a command so that the next gateway can find it after a kill at any moment: the whole prompt is in a file and
 * the process id in the journal before the command does anything.
 * @throws StorageFailure, or an error with a code of spawn.
 */
export async function startCommand(start: CommandStart): Promise<CommandRun> {
  const { config, context, isolation, request, log, signal } = start;
  const history = await stored(() => writeHistory(context.home, request));
  const content = await stored(() => writeContent(context.home, request)).catch(async (error) => {
    await history?.remove();
    throw error;
  });
  const remove = () => Promise.all([history?.remove(), content?.remove()]);
  const launch = await prepare(start, { history, content }).catch(async (error) => {
    await remove();
    throw error;
  });
  const run = new CommandRun(launch.child, launch.pid, {
    ...config,
    log,
    isIsolated: isolation !== undefined,
    removeFiles: remove,
  });
  const interrupt = () => run.stop('interrupted');
  signal.addEventListener('abort', interrupt, { once: true });
  if (signal.aborted) interrupt();
  try {
    const recorded = stored(async () => context.recordProcess(request.turn, identify(launch.pid)));
    // A journal that hangs must not prevent an interrupt or a timeout.
    const isRecorded = await Promise.race([recorded.then(() => true), run.ended.then(() => false)]);
    const code = isRecorded ? await launch.run() : undefined;
    if (code !== undefined) throw Object.assign(new Error(run.lastWords.join('\n')), { code });
    run.begin();
    return run;
  } catch (error) {
    interrupt();
    await run.ended;
    throw error;
  } finally {
    signal.removeEventListener('abort', interrupt);
    launch.release();
  }
}

async function prepare(start: CommandStart, files: TurnFiles): Promise<Launch> {
  const { config, context, isolation, request } = start;
  const shown = [files.history, files.content].flatMap((file) => (file === undefined ? [] : [file.path]));
  await using prompt = await stored(() => openPrompt(context.home, request.text));
  return await Launch.prepare({
    command: [...(isolation?.prefixShowing(shown) ?? []), ...config.command],
    cwd: isolation === undefined ? config.cwd : '/',
    environment: commandEnvironment(context.environment, config.environment, request, files),
    stdin: prompt.fd,
  });
}

/** @throws when the system does not allow to read the process. */
export function identify(pid: number): AgentProcess {
  const startTime = readProcess(pid)?.startTime.toString() ?? '';
  return { group: pid, startTime, epoch: currentInstantiationEpoch() };
}

/** @throws StorageFailure */
export async function stored<T>(storing: () => Promise<T>): Promise<T> {
  try {
    return await storing();
  } catch (error) {
    throw new StorageFailure('not stored', { cause: error });
  }
}
