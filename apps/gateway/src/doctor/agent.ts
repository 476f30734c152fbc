import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { shellLine } from '@hermes/drain-contract';
import { type Finding, fault, fine, reasonOf, unknown } from '@hermes/s6-reconciler';
import type { AgentConfig, CommandAgentConfig, OpenAiAgentConfig } from '../agents/config.ts';
import { readKey } from '../agents/openai/key.ts';

/** How long the server of an agent may take to list its models, in ms. */
const TIMEOUT_MS = 5_000;

/** Whether the agent can be reached. Runs no turn. */
export async function checkAgent(agent: AgentConfig, environment: NodeJS.ProcessEnv): Promise<Finding> {
  if (agent.kind === 'openai') return checkServer(agent, environment);
  return agent.kind === 'command' ? checkProgram(agent, environment) : fine('echo: part of the gateway');
}

async function checkServer(config: OpenAiAgentConfig, environment: NodeJS.ProcessEnv): Promise<Finding> {
  let key: string | undefined;
  try {
    key = readKey(config, environment);
  } catch (error) {
    return fault((error as Error).message, `export ${config.key_env}=...`);
  }
  const url = `${config.base_url.replace(/\/+$/, '')}/models`;
  const cure = `curl -sS -m 5 ${shellLine([url])}`;
  try {
    const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
    // A redirect is not followed: the key is only for this server.
    const response = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.body?.cancel();
    return judge(url, response.status, config.key_env, cure);
  } catch (error) {
    const { name, cause, message } = error as Error;
    const reason = name === 'TimeoutError' ? `no answer within ${TIMEOUT_MS / 1_000} s` : reasonOf(cause ?? message);
    return fault(`${url} cannot be reached: ${reason}`, `start the server or correct agent.base_url; try ${cure}`);
  }
}

function judge(url: string, status: number, keyEnv: string | undefined, cure: string): Finding {
  if (status >= 200 && status < 300) return fine(`${url} answers`);
  if (status === 401 || status === 403) {
    const variable = keyEnv ?? 'agent.key_env';
    return fault(`${url} refuses the key with ${status}`, `correct the key in ${variable}`);
  }
  if (status >= 300 && status < 400)
    return fault(`${url} redirects with ${status}, which is not followed with a key`, 'correct agent.base_url');
  if (status >= 500) return fault(`${url} answers with ${status}`, `see the log of the server; try ${cure}`);
  return unknown(`${url} answers with ${status}: the server may not list its models`, `try ${cure}`);
}

function checkProgram({ command: [program = ''], cwd }: CommandAgentConfig, environment: NodeJS.ProcessEnv): Finding {
  const isPath = program.includes('/');
  const directories = (environment.PATH ?? '').split(delimiter);
  const places = isPath ? [resolve(cwd ?? '', program)] : directories.map((directory) => resolve(directory, program));
  const reasons = new Set<string>();
  for (const place of places) {
    try {
      if (!statSync(place).isFile()) continue;
      accessSync(place, constants.X_OK);
      return fine(`${place} can be run`);
    } catch (error) {
      if (reasonOf(error) !== 'ENOENT' && reasonOf(error) !== 'ENOTDIR') reasons.add(`${place}: ${reasonOf(error)}`);
    }
  }
  const [denied] = reasons;
  if (denied !== undefined)
    return fault(`the program cannot be run: ${denied}`, `chmod +x it, and mount it without noexec`);
  const where = isPath ? '' : ` in PATH (${environment.PATH ?? 'not set'})`;
  return fault(`${program} does not exist${where}`, 'install it, or name it with its path in agent.command');
}
