import { isLoopback } from '@hermes/service-kit';
import { z } from 'zod';
import { ISOLATIONS } from './isolation/choice.ts';

/** Long enough for the slowest drain test, short enough to be a delay and not a hang. */
const MAX_DELAY_MS = 86_400_000;

const TIMEOUT_RULE = 'expected seconds above 0, at most 604800';
const timeoutSchema = z.number(TIMEOUT_RULE).positive(TIMEOUT_RULE).max(604_800, TIMEOUT_RULE);

const KILL_AFTER_RULE = 'expected seconds from 0 to 3600';
const killAfterSchema = z.number(KILL_AFTER_RULE).min(0, KILL_AFTER_RULE).max(3_600, KILL_AFTER_RULE);

const BYTES_RULE = 'expected a whole number of bytes from 1 to 67108864';
const bytesSchema = z.number(BYTES_RULE).int(BYTES_RULE).min(1, BYTES_RULE).max(67_108_864, BYTES_RULE);

const RETRIES_RULE = 'expected a whole number from 0 to 10';
const retriesSchema = z.number(RETRIES_RULE).int(RETRIES_RULE).min(0, RETRIES_RULE).max(10, RETRIES_RULE);

const PROCESSES_RULE = 'expected a whole number from 1 to 1000';
const processesSchema = z.number(PROCESSES_RULE).int(PROCESSES_RULE).min(1, PROCESSES_RULE).max(1_000, PROCESSES_RULE);

const COMMAND_RULE = 'expected a list of the program and its arguments, like [my-agent, --quiet]';
const commandSchema = z
  .array(z.string(COMMAND_RULE).regex(/^[^\0]*$/, COMMAND_RULE), COMMAND_RULE)
  .refine(([program]) => program !== undefined && program !== '', COMMAND_RULE);

const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
// Validated as a whole: a message about a single item would show it, and NAME=value may contain a secret.
const NAMES_RULE = 'expected a list of names of environment variables, without their values';
const namesSchema = z
  .array(z.string(NAMES_RULE), NAMES_RULE)
  .refine((names) => names.every((name) => VARIABLE_NAME.test(name)), NAMES_RULE);

const PATHS_RULE = 'expected a list of absolute paths';
const pathsSchema = z.array(z.string(PATHS_RULE).regex(/^\/[^\0]*$/, PATHS_RULE), PATHS_RULE);

const echoSchema = z.strictObject({
  kind: z.literal('echo'),
  delay_ms: z.number().min(0).max(MAX_DELAY_MS).default(0),
  replay: z.boolean().optional(),
});

const commandAgentSchema = z.strictObject({
  kind: z.literal('command'),
  /** The argument vector; no shell interprets it. */
  command: commandSchema,
  /** Maximum seconds of a turn. */
  timeout: timeoutSchema.default(3_600),
  /** Maximum bytes of a reply. */
  max_output: bytesSchema.default(1_048_576),
  /** Seconds from SIGTERM to SIGKILL. */
  kill_after: killAfterSchema.default(5),
  /** Names of further variables of the gateway that the command gets. */
  environment: namesSchema.default(['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR']),
  cwd: z.string().min(1).optional(),
  replay: z.boolean().optional(),
  /** Whether a process answers one message, or those of a session, by the protocol of lines. */
  mode: z.enum(['turn', 'session']).default('turn'),
  /** Seconds without a message after which the process of a session ends. */
  idle_timeout: timeoutSchema.default(600),
  /** Processes of sessions at a time. */
  max_processes: processesSchema.default(8),
  /** Whether bwrap isolates it from the gateway; `auto`: if bwrap works. */
  isolation: z.enum(ISOLATIONS).optional(),
  /** Whether an isolated command shares the network of this machine. */
  network: z.boolean().default(true),
  /** Paths that an isolated command can read besides the system. */
  readable: pathsSchema.default([]),
  /** Paths that an isolated command can write besides its working directory. */
  writable: pathsSchema.default([]),
});

const MODELS_RULE = 'expected "configured", "upstream", or a mapping of the names for clients to names of models';

const fallbackSchema = z.strictObject({
  base_url: z.string(),
  key_env: z.string().optional(),
  /** The name of the model on this server, if it has another one there. */
  model: z.string().min(1).optional(),
});

const openAiAgentSchema = z
  .strictObject({
    kind: z.literal('openai'),
    base_url: z.string(),
    model: z.string().min(1),
    /** Name of the environment variable that holds the key. */
    key_env: z.string().optional(),
    system: z.string().optional(),
    /** Which models clients of the OpenAI API may name: any, and get `model`; those of the server; or these. */
    models: z
      .union([z.enum(['configured', 'upstream']), z.record(z.string().min(1), z.string().min(1))], MODELS_RULE)
      .default('configured'),
    /** Servers that are asked, in this order, when the one before fails. */
    fallbacks: z.array(fallbackSchema).default([]),
    /** Maximum seconds of a turn, retries included. */
    timeout: timeoutSchema.default(600),
    /** Maximum seconds of silence after an answer has begun. */
    stall_timeout: timeoutSchema.default(300),
    max_retries: retriesSchema.default(3),
    replay: z.boolean().optional(),
  })
  .superRefine((config, context) => {
    // Reported for the section: a value at these keys may be a secret in the wrong place, and would be shown.
    for (const [where, { base_url: url, key_env: name }] of [['', config] as const, ...entriesOf(config.fallbacks)]) {
      const message = serverProblem(url, name);
      if (message !== undefined) context.addIssue({ code: 'custom', message: `${where}${message}` });
    }
  });

function entriesOf(fallbacks: readonly z.infer<typeof fallbackSchema>[]) {
  return fallbacks.map((server, index) => [`fallbacks.${index}.`, server] as const);
}

function serverProblem(baseUrl: string, keyEnv: string | undefined): string | undefined {
  const url = URL.parse(baseUrl);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    return 'base_url: expected a URL that begins with http:// or https://, like http://127.0.0.1:11434/v1';
  }
  if (url.username !== '' || url.password !== '') {
    return 'base_url: expected a URL without user and password; name a variable that holds the key in key_env';
  }
  if (keyEnv === undefined && !isLoopback(url.hostname)) {
    return `key_env: expected the name of the environment variable that holds the key, because ${url.hostname} is another machine`;
  }
  if (keyEnv !== undefined && !VARIABLE_NAME.test(keyEnv)) {
    return 'key_env: expected the name of an environment variable, not the key itself';
  }
  return undefined;
}

/** An agent without a kind is the default agent with these keys. */
function withDefaultKind(value: unknown): unknown {
  const isUnnamed = typeof value === 'object' && value !== null && !Array.isArray(value) && !('kind' in value);
  return isUnnamed ? { kind: 'echo', ...value } : value;
}

/** The `agent` section of `config.yaml`. */
export const agentSchema = z.preprocess(
  withDefaultKind,
  z.discriminatedUnion('kind', [echoSchema, commandAgentSchema, openAiAgentSchema], {
    error: (issue) => (issue.code === 'invalid_union' ? 'expected "echo", "command" or "openai"' : undefined),
  }),
);

export type AgentConfig = z.infer<typeof agentSchema>;
export type EchoAgentConfig = z.infer<typeof echoSchema>;
export type CommandAgentConfig = z.infer<typeof commandAgentSchema>;
export type OpenAiAgentConfig = z.infer<typeof openAiAgentSchema>;
