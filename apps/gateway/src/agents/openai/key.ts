import { readSecretVariable, StartupError } from '@hermes/service-kit';
import type { OpenAiAgentConfig } from '../config.ts';

/** What can be sent as `Authorization: Bearer`. */
const BEARER_TOKEN = /^[\x21-\x7e]+$/;

/** The configured key, if any. @throws StartupError that names the variable. */
export function readKey(
  config: Pick<OpenAiAgentConfig, 'key_env'>,
  environment: Readonly<NodeJS.ProcessEnv>,
): string | undefined {
  if (config.key_env === undefined) return undefined;
  const key = readSecretVariable(environment, config.key_env);
  if (key === undefined) {
    throw new StartupError(
      `agent.key_env names the variable ${config.key_env}, which is not set: put the key of the model server into it`,
    );
  }
  if (!BEARER_TOKEN.test(key)) {
    throw new StartupError(
      `agent.key_env names the variable ${config.key_env}: expected a key of printable ASCII characters without spaces or line breaks`,
    );
  }
  return key;
}
