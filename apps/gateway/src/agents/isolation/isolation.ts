import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { StartupError } from '@hermes/service-kit';
import type { AgentContext } from '../agent.ts';
import { commandEnvironment } from '../command/environment.ts';
import type { CommandAgentConfig } from '../config.ts';
import { bwrapArguments, type Sandbox } from './arguments.ts';
import { ISOLATIONS, type IsolationChoice } from './choice.ts';
import { planSandbox } from './plan-sandbox.ts';
import { makeWorkspace } from './workspace.ts';

/** The variable that applies if `agent.isolation` is not set. */
export const ISOLATION_VARIABLE = 'HERMES_AGENT_ISOLATION';

/** The path of Debian's bubblewrap. */
const BWRAP = 'bwrap';

/** Timeout of the check, in ms. */
const TRIAL_MS = 10_000;

/** What to do where bwrap does not work. */
const CURE =
  'install the package bubblewrap, allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, or seccomp and ' +
  'AppArmor profiles of the container that allow unshare and mount), or set agent.isolation to none';

/** Isolates an agent's command from the gateway. */
export interface Isolation {
  /** The words before the command, which can read these paths, too. */
  prefixShowing(paths: readonly string[]): string[];
}

/** The isolation of a command agent: its own setting, else the environment, else none. @throws StartupError */
export function chooseIsolation(config: CommandAgentConfig, environment: Readonly<NodeJS.ProcessEnv>): IsolationChoice {
  if (config.isolation !== undefined) return config.isolation;
  const text = environment[ISOLATION_VARIABLE] || 'none';
  const choice = ISOLATIONS.find((each) => each === text);
  if (choice !== undefined) return choice;
  const expected = ISOLATIONS.join(', ');
  throw new StartupError(
    `${ISOLATION_VARIABLE}: expected one of ${expected}, found ${JSON.stringify(text.slice(0, 60))}`,
  );
}

/**
 * How to isolate the command of an agent; `undefined` for no isolation, also with `auto` when bwrap does not work.
 * Creates the working directory. @throws StartupError if isolation is required and does not work.
 */
export async function prepareIsolation(
  config: CommandAgentConfig,
  context: AgentContext,
): Promise<Isolation | undefined> {
  const choice = chooseIsolation(config, context.environment);
  if (choice === 'none') return undefined;
  try {
    const sandbox = await tryIsolation(config, context);
    const workspace = sandbox.workspace ?? makeWorkspace(context.home);
    const prefixShowing = (paths: readonly string[]) =>
      prefixOf({ ...sandbox, workspace, readable: [...sandbox.readable, ...paths] });
    return { prefixShowing };
  } catch (error) {
    if (choice === 'bwrap' || !(error instanceof StartupError)) throw error;
    context.log.warn({ reason: error.message }, "the agent's command is not isolated from the gateway");
    return undefined;
  }
}

/** Checks whether the command can be isolated here, and changes nothing. @returns how. @throws StartupError */
export async function tryIsolation(config: CommandAgentConfig, context: AgentContext): Promise<Sandbox> {
  const sandbox = planSandbox(config, context);
  const needed = neededPaths(config.command);
  const look = [...prefixOf(sandbox), '/bin/sh', '-c', LOOK, 'sh', config.command[0] ?? '', ...needed];
  const environment = commandEnvironment(context.environment, config.environment, { session: '', turn: '', text: '' });
  const { said, errors } = await run(look, environment);
  const [first, ...missing] = said.split('\n').slice(0, -1);
  if (first !== INSIDE)
    throw new StartupError(`agent.isolation: ${BWRAP} does not work on this machine (${errors}): ${CURE}`);
  if (missing.length === 0) return sandbox;
  throw new StartupError(
    `agent.command: an isolated command does not see ${missing.join(', ')}: name what it needs in agent.readable (nothing in the home), or set agent.isolation to none`,
  );
}

const INSIDE = 'inside';

/** A shell in the sandbox prints that it runs, and which programs and files it does not find. */
const LOOK = `echo ${INSIDE}; command -v -- "$1" >/dev/null || echo "$1"; shift; for path; do [ -e "$path" ] || echo "$path"; done`;

/** The arguments of a command that are paths on this machine. */
function neededPaths([, ...args]: readonly string[]): string[] {
  return args.filter((arg) => arg.startsWith('/') && existsSync(arg));
}

function prefixOf(sandbox: Sandbox): string[] {
  return [BWRAP, ...bwrapArguments(sandbox), '--'];
}

function run(
  [program = '', ...args]: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<{ said: string; errors: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: environment,
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: TRIAL_MS,
      killSignal: 'SIGKILL',
    });
    let [said, errors] = ['', ''];
    child.stdout.on('data', (data) => {
      said += String(data);
    });
    child.stderr.on('data', (data) => {
      errors += String(data);
    });
    child.once('error', ({ message }) => resolve({ said, errors: message }));
    child.once('close', (_code, signal) =>
      resolve({ said, errors: errors.trim().split('\n')[0] || `ended by ${signal}` }),
    );
  });
}
