import { readSecretVariable, StartupError } from '@hermes/service-kit';

/**
 * The secret in an environment variable, or in the file that the variable names. @param key of the configuration that
 * names the variable.
 */
export function requireVariable(environment: NodeJS.ProcessEnv, variable: string, key: string): string {
  const value = readSecretVariable(environment, variable)?.trim() ?? '';
  if (value === '')
    throw new StartupError(`${variable}, which ${key} names, is not set: set it, or remove the section`);
  return value;
}
