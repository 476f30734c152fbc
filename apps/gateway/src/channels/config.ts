import { isLoopback } from '@hermes/service-kit';
import { z } from 'zod';

/**
 * Checks a key whose value may hold a secret, or be one in the wrong place. The fault is told of its section, because
 * the value that a fault stands at is shown.
 */
function discreetly<K extends string>(key: K, rule: string, holds: (text: string) => boolean) {
  return (section: Readonly<Record<K, string>>, context: z.RefinementCtx): void => {
    if (!holds(section[key])) context.addIssue({ code: 'custom', message: `${key}: ${rule}` });
  };
}

const VARIABLE_RULE = 'expected the name of the environment variable that holds the secret, not the secret itself';
const variableSchema = z.string(VARIABLE_RULE);

/** What begins like a secret could pass for a name. */
function isVariableName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) && !text.startsWith('whsec_');
}

const URL_RULE = 'expected an https URL without user and password, or an http one on this machine';

function isWebhookUrl(text: string): boolean {
  const url = parsePlainUrl(text);
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
}

const TIMEOUT_RULE = 'expected seconds from 1 to 30';

/** The `webhook` section of `config.yaml`. */
export const webhookSchema = z
  .strictObject({
    url: z.string(URL_RULE),
    secret_env: variableSchema,
    /** Seconds that one try may take. */
    timeout: z.number(TIMEOUT_RULE).min(1, TIMEOUT_RULE).max(30, TIMEOUT_RULE).default(10),
  })
  .superRefine(discreetly('url', URL_RULE, isWebhookUrl))
  .superRefine(discreetly('secret_env', VARIABLE_RULE, isVariableName));

const ROOT_RULE = 'expected an http or https URL without user, password and query';
const CHATS_RULE = 'expected a list of the numbers of chats';

function isApiRoot(text: string): boolean {
  const url = parsePlainUrl(text);
  return (url?.protocol === 'https:' || url?.protocol === 'http:') && url.search === '' && url.hash === '';
}

/** The `telegram` section of `config.yaml`. */
export const telegramSchema = z
  .strictObject({
    token_env: variableSchema,
    /** Of the Bot API server. */
    api_root: z.string(ROOT_RULE).default('https://api.telegram.org'),
    /** The only chats that are talked to; all when left out. */
    allowed_chats: z.array(z.number(CHATS_RULE).int(CHATS_RULE), CHATS_RULE).optional(),
  })
  .superRefine(discreetly('token_env', VARIABLE_RULE, isVariableName))
  .superRefine(discreetly('api_root', ROOT_RULE, isApiRoot));

function parsePlainUrl(text: string): URL | undefined {
  const url = URL.parse(text);
  return url === null || url.username !== '' || url.password !== '' ? undefined : url;
}

const HOME_RULE = 'expected a list of the names of sessions, like [telegram:123]';

/** The `home_channels` of `config.yaml`: sessions that hear of the gateway itself. */
export const homeChannelsSchema = z.array(z.string(HOME_RULE).min(1, HOME_RULE), HOME_RULE);

export type WebhookConfig = z.infer<typeof webhookSchema>;
export type TelegramConfig = z.infer<typeof telegramSchema>;
