import { z } from 'zod';
import { discreetly, isVariableName, parsePlainUrl, VARIABLE_RULE, variableSchema } from '../config-rules.ts';
import { GROUP_MESSAGES } from './read-message.ts';

const ROOT_RULE = 'expected an http or https URL without user, password and query';
const GROUPS_RULE = 'expected "addressed" (that mention the bot, answer it or are commands) or "all"';
const CHATS_RULE = 'expected a list of the numbers of chats';

function isApiRoot(text: string): boolean {
  const url = parsePlainUrl(text);
  return (url?.protocol === 'https:' || url?.protocol === 'http:') && url.search === '' && url.hash === '';
}

/** The `telegram` section of `config.yaml`. */
export const telegramSchema = z
  .strictObject({
    token_env: variableSchema,
    /** The Bot API server. */
    api_root: z.string(ROOT_RULE).default('https://api.telegram.org'),
    /** Which messages of groups are for the bot. */
    group_messages: z.enum(GROUP_MESSAGES, GROUPS_RULE).default('addressed'),
    /** Whether a reply is shown as it grows. */
    stream: z.boolean().default(true),
    /** The only chats that the bot serves; all chats if not set. */
    allowed_chats: z.array(z.number(CHATS_RULE).int(CHATS_RULE), CHATS_RULE).optional(),
  })
  .superRefine(discreetly('token_env', VARIABLE_RULE, isVariableName))
  .superRefine(discreetly('api_root', ROOT_RULE, isApiRoot));

export type TelegramConfig = z.infer<typeof telegramSchema>;
