import { DEFAULT_START_TIMEOUT, isLoopback, LOG_LEVELS } from '@hermes/service-kit';
import { z } from 'zod';
import { agentSchema } from '../agents/config.ts';
import { sessionNamesSchema } from '../channels/config-rules.ts';
import { telegramSchema } from '../channels/telegram/config.ts';
import { webhookSchema } from '../channels/webhook/config.ts';
import { DEFAULT_MAX_BODY_MIB } from '../http/access.ts';
import { ON_DISCONNECT } from '../http/attendance.ts';
import { journalSchema } from '../journal/config.ts';
import { ON_DRAIN, type OnDrain } from '../turns/admission.ts';
import { corsOriginsSchema } from './cors-origins.ts';

/** A number, or its text in a variable. Any other value is invalid, also an empty one. */
function numeric<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value), schema);
}

/** A section; one whose keys are all commented out counts as not set. */
function section<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => value ?? {}, schema);
}

/** An optional key; an empty value counts as not set. */
function optional<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => value ?? undefined, schema.optional());
}

const PORT_RULE = 'expected a whole number from 0 to 65535';
const portSchema = numeric(z.number(PORT_RULE).int(PORT_RULE).min(0, PORT_RULE).max(65_535, PORT_RULE));

const SECONDS_RULE = 'expected seconds from 0 to 86400';
const secondsSchema = numeric(z.number(SECONDS_RULE).min(0, SECONDS_RULE).max(86_400, SECONDS_RULE));

/** What can be sent as `Authorization: Bearer`. */
const BEARER_TOKEN = /^[\x21-\x7e]+$/;

const PROXY_RULE = 'expected addresses or networks, such as 10.0.0.7 or 10.0.0.0/8';

const MAX_BODY_RULE = 'expected a whole number of MiB from 1 to 256';

const apiServerSchema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: portSchema.default(8642),
  key: z.string().regex(BEARER_TOKEN, 'expected printable ASCII characters without spaces').optional(),
  allowed_hosts: z
    .array(
      z
        .string()
        .regex(/^[^\s:/]+$/, 'expected host names without a port')
        .toLowerCase(),
    )
    .max(100)
    .optional(),
  trusted_proxies: z
    .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], PROXY_RULE))
    .max(100)
    .optional(),
  cors_origins: corsOriginsSchema.optional(),
  /** Whether `/` is the chat page. Default: on loopback. */
  page: z.boolean('expected true or false').optional(),
  /** The largest request on OpenAI's routes. */
  max_body_mib: z
    .number(MAX_BODY_RULE)
    .int(MAX_BODY_RULE)
    .min(1, MAX_BODY_RULE)
    .max(256, MAX_BODY_RULE)
    .default(DEFAULT_MAX_BODY_MIB),
});

/**
 * What happens to a turn when the last client that waits for its answer disconnects: the same for all routes, or for
 * each.
 */
const onDisconnectSchema = z.preprocess(
  (value) => (typeof value === 'string' ? { messages: value, chat_completions: value } : (value ?? {})),
  z.strictObject({
    messages: z.enum(ON_DISCONNECT).default('continue'),
    chat_completions: z.enum(ON_DISCONNECT).default('continue'),
  }),
);

const TURNS_RULE = 'expected a whole number from 0 to 1000';
const CHARS_RULE = 'expected a whole number from 0 to 4000000';

/** How much of a session an agent gets with each message. */
const historySchema = z.strictObject({
  turns: z.number(TURNS_RULE).int(TURNS_RULE).min(0, TURNS_RULE).max(1_000, TURNS_RULE).default(50),
  max_chars: z.number(CHARS_RULE).int(CHARS_RULE).min(0, CHARS_RULE).max(4_000_000, CHARS_RULE).default(200_000),
});

/** `config.yaml`. It may contain sections of other programs. */
export const configSchema = z.looseObject({
  api_server: section(apiServerSchema),
  /** Seconds that a shutdown waits for turns in flight. */
  restart_drain_timeout: secondsSchema.default(30),
  /** Seconds for which each step of a start retries temporary failures. */
  start_timeout: secondsSchema.default(DEFAULT_START_TIMEOUT),
  agent: section(agentSchema),
  history: section(historySchema),
  journal: z.preprocess((value) => value ?? { kind: 'sqlite' }, journalSchema),
  /** Default: `handover` if gateways share the journal, else `refuse`. */
  on_drain: z.enum(ON_DRAIN).optional(),
  on_disconnect: onDisconnectSchema,
  stall_after: z.number().min(1).max(86_400).default(300),
  retention_days: z.number().min(0.01).max(3_650).default(7),
  webhook: optional(webhookSchema),
  telegram: optional(telegramSchema),
  home_channels: optional(sessionNamesSchema).transform((sessions) => sessions ?? []),
  /** Sessions whose users may drain and restart this gateway. */
  operators: optional(sessionNamesSchema).transform((sessions) => sessions ?? []),
  log_level: z.enum(LOG_LEVELS).default('info'),
});
/** The configuration with the defaults that depend on other keys. */
export type GatewayConfig = z.infer<typeof configSchema> & { readonly on_drain: OnDrain };

/** Whether the gateway serves the chat page. */
export function servesPage({ api_server: { host, page } }: GatewayConfig): boolean {
  return page ?? isLoopback(host);
}

/** The sections and keys of the gateway. */
export const KNOWN_KEYS: ReadonlySet<string> = new Set(Object.keys(configSchema.shape));

/** Environment variables that override `config.yaml`, and the key of each. */
export const ENVIRONMENT_KEYS = {
  API_SERVER_HOST: ['api_server', 'host'],
  API_SERVER_PORT: ['api_server', 'port'],
  API_SERVER_KEY: ['api_server', 'key'],
  API_SERVER_CORS_ORIGINS: ['api_server', 'cors_origins'],
  HERMES_RESTART_DRAIN_TIMEOUT: ['restart_drain_timeout'],
  HERMES_START_TIMEOUT: ['start_timeout'],
  HERMES_LOG_LEVEL: ['log_level'],
} as const;

/** Variables that are comma-separated lists. */
export const LIST_VARIABLES: ReadonlySet<string> = new Set(['API_SERVER_CORS_ORIGINS']);
