import { StartupError } from '@hermes/service-kit';
import { stringify } from 'yaml';
import { KNOWN_KEYS } from '../config/schema.ts';
import { readYamlFile } from '../config/yaml-file.ts';

/** A remark that looks like a secret that was commented out. */
const SECRET_IN_REMARK = /#.*(key|token|secret|passw\w*|credentials?)["']?\s*[:=]\s*[^\s#]/i;

/** `config.yaml` as a backup without secrets has it. */
export interface ConfigCopy {
  /** The text to store; `undefined` to store the file unchanged. */
  readonly text: string | undefined;
  /** What is not in it, in words. */
  readonly leftOut: readonly string[];
}

/**
 * Removes from `config.yaml` what is a secret or may be one: the key of the API, sections of other programs, and, where
 * one looks like an old secret, all comments. A file without any of these stays unchanged.
 * @throws StartupError if the file cannot be read: then it cannot be known whether it holds secrets.
 */
export function copyWithoutSecrets(path: string, text: string): ConfigCopy {
  const value = structuredClone(readValue(path));
  const foreign = Object.keys(value).filter((key) => !KNOWN_KEYS.has(key));
  const server = value.api_server as Record<string, unknown> | null | undefined;
  const hasKey = typeof server === 'object' && server !== null && 'key' in server;
  const leftOut = [
    ...(hasKey ? ['api_server.key'] : []),
    ...foreign.map((key) => `${JSON.stringify(key)}, a section of another program`),
    ...(SECRET_IN_REMARK.test(text) ? ['comments, because one looks like a secret'] : []),
  ].map((what) => `${path}: ${what}`);
  if (leftOut.length === 0) return { text: undefined, leftOut };
  if (hasKey) delete server.key;
  for (const key of foreign) delete value[key];
  return { text: `# Written by hermes-gateway backup, without secrets.\n${stringify(value)}`, leftOut };
}

function readValue(path: string): Record<string, unknown> {
  try {
    return readYamlFile(path).value;
  } catch (error) {
    const reason = `${(error as Error).message}: it cannot be known whether it holds secrets`;
    throw new StartupError(`${reason}; correct it, or add --with-secrets`, { cause: error });
  }
}
