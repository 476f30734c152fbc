import { homedir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_PROFILE, resolveHome, shellLine } from '@hermes/drain-contract';

const DEFAULT_PORT = '8642';

/** The line that sets `home` in a terminal; `undefined` where programs use it without that. */
export function exportLine(home: string): string | undefined {
  const isUsed = process.env.HERMES_HOME?.trim()
    ? false
    : resolveHome() === home && home === join(homedir(), '.hermes');
  return isUsed ? undefined : `export HERMES_HOME=${shellLine([home])}`;
}

/** The commands that check and run the gateway of a new home, and send it a message. */
export function nextCommands(environment: NodeJS.ProcessEnv, profile?: string): string[] {
  const url = `http://127.0.0.1:${environment.API_SERVER_PORT || DEFAULT_PORT}/v1/messages`;
  const key = environment.API_SERVER_KEY ? ' -H "authorization: Bearer $API_SERVER_KEY"' : '';
  const flag = profile === undefined || profile === DEFAULT_PROFILE ? [] : ['-p', profile];
  const body = shellLine(['{"session":"me","text":"hello"}']);
  return [
    shellLine(['hermes-gateway', 'doctor', ...flag]),
    shellLine(['hermes-gateway', 'run', ...flag]),
    `curl -sS${key} -H 'content-type: application/json' -d ${body} ${url}`,
  ];
}
