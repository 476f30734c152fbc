import { z } from 'zod';

/**
 * Checks a key whose value may hold a secret, or be one in the wrong place. The fault is told of its section, because
 * the value that a fault stands at is shown.
 */
export function discreetly<K extends string>(key: K, rule: string, holds: (text: string) => boolean) {
  return (section: Readonly<Record<K, string>>, context: z.RefinementCtx): void => {
    if (!holds(section[key])) context.addIssue({ code: 'custom', message: `${key}: ${rule}` });
  };
}

export const VARIABLE_RULE =
  'expected the name of the environment variable that holds the secret, not the secret itself';
export const variableSchema = z.string(VARIABLE_RULE);

/** What begins like a secret could pass for a name. */
export function isVariableName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) && !text.startsWith('whsec_');
}

/** A URL without user and password, which could hold a secret. */
export function parsePlainUrl(text: string): URL | undefined {
  const url = URL.parse(text);
  return url === null || url.username !== '' || url.password !== '' ? undefined : url;
}

const HOME_RULE = 'expected a list of the names of sessions, like [telegram:123]';

/** The `home_channels` of `config.yaml`: sessions that hear of the gateway itself. */
export const homeChannelsSchema = z.array(z.string(HOME_RULE).min(1, HOME_RULE), HOME_RULE);
