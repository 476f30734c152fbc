import { isLoopback } from '@hermes/service-kit';
import { z } from 'zod';
import { discreetly, isVariableName, parsePlainUrl, VARIABLE_RULE, variableSchema } from '../config-rules.ts';

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
    /** Timeout of one try, in seconds. */
    timeout: z.number(TIMEOUT_RULE).min(1, TIMEOUT_RULE).max(30, TIMEOUT_RULE).default(10),
  })
  .superRefine(discreetly('url', URL_RULE, isWebhookUrl))
  .superRefine(discreetly('secret_env', VARIABLE_RULE, isVariableName));

export type WebhookConfig = z.infer<typeof webhookSchema>;
