import { z } from 'zod';

/**
 * Validates a key whose value may be a secret, or contain one by mistake. The error is reported for its section,
 * because an error message shows the value of its key.
 */
export function discreetly<K extends string>(key: K, rule: string, holds: (text: string) => boolean) {
  return (section: Readonly<Record<K, string>>, context: z.RefinementCtx): void => {
    if (!holds(section[key])) context.addIssue({ code: 'custom', message: `${key}: ${rule}` });
  };
}

export const VARIABLE_RULE =
  'expected the name of the environment variable that holds the secret, not the secret itself';
export const variableSchema = z.string(VARIABLE_RULE);

/** A text that begins like a secret could also be a valid name. */
export function isVariableName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) && !text.startsWith('whsec_');
}

/** A URL without user and password, which could contain a secret. */
export function parsePlainUrl(text: string): URL | undefined {
  const url = URL.parse(text);
  return url === null || url.username !== '' || url.password !== '' ? undefined : url;
}

const NAMES_RULE = 'expected a list of the names of sessions, like [telegram:123]';

/** A key of `config.yaml` that lists sessions. */
export const sessionNamesSchema = z.array(z.string(NAMES_RULE).min(1, NAMES_RULE), NAMES_RULE);
