import { spawn } from 'node:child_process';
import { StartupError } from '@hermes/service-kit';
import type { AgentContext } from '../agent.ts';
import { commandEnvironment } from '../command/environment.ts';
import type { CommandAgentConfig } from '../config.ts';
import { bwrapArguments } from './arguments.ts';
import { ISOLATIONS, type IsolationChoice } from './choice.ts';
import { planSandbox } from './plan-sandbox.ts';

/** The variable that decides where `agent.isolation` does not. */
export const ISOLATION_VARIABLE = 'HERMES_AGENT_ISOLATION';

/** Debian's bubblewrap. */
const BWRAP = 'bwrap';

/** Against hanging, in ms. */
const TRIAL_MS = 10_000;

/** What to do where bwrap does not work. */
const CURE =
  'install the package bubblewrap, allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, or seccomp and ' +
  'AppArmor profiles of the container that allow unshare and mount), or set agent.isolation to none';

/** What keeps an agent's command away from the gateway: the words to put before it. */
export interface Isolation {
  readonly prefix: readonly string[];
}

/** The choice for a command agent: its own, else that of the environment, else none. @throws StartupError */
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
 * How to isolate the command of an agent; `undefined` where it is not to be, or may go without and it does not work.
 * Tries it out. @throws StartupError where it has to be and does not work.
 */
export async function prepareIsolation(
  config: CommandAgentConfig,
  context: AgentContext,
): Promise<Isolation | undefined> {
  const choice = chooseIsolation(config, context.environment);
  if (choice === 'none') return undefined;
  const prefix = [BWRAP, ...bwrapArguments(planSandbox(config, context)), '--'];
  const problem = await tryOut(prefix, config, context);
  if (problem === undefined) return { prefix };
  if (choice === 'bwrap' || problem.isOfCommand) throw new StartupError(problem.text);
  context.log.warn({ reason: problem.text }, "the agent's command is not isolated from the gateway");
  return undefined;
}

interface Problem {
  readonly text: string;
  /** The isolation works, and the command is not in it. */
  readonly isOfCommand: boolean;
}

/** Runs a shell in the sandbox that looks for the command and for the files among its arguments. */
async function tryOut(
  prefix: readonly string[],
  config: CommandAgentConfig,
  context: AgentContext,
): Promise<Problem | undefined> {
  const environment = commandEnvironment(context.environment, config.environment, { session: '', turn: '', text: '' });
  const script = 'echo inside; command -v -- "$1" >/dev/null || echo "$1"';
  const { said, errors } = await run([...prefix, '/bin/sh', '-c', script, 'sh', config.command[0] ?? ''], environment);
  if (!said.startsWith('inside\n'))
    return { isOfCommand: false, text: `agent.isolation: ${BWRAP} does not work here (${errors}): ${CURE}` };
  if (said === 'inside\n') return undefined;
  const text = `agent.command: an isolated command does not see ${config.command[0]}: name its directory in agent.readable`;
  return { isOfCommand: true, text };
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
