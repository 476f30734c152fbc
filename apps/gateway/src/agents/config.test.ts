import { describe, expect, it } from 'vitest';
import { agentSchema } from './config.ts';

/** The first complaint, behind the key it is about. */
function complaint(value: unknown): string {
  const issue = agentSchema.safeParse(value).error?.issues[0];
  return issue ? `${issue.path.join('.')}: ${issue.message}` : 'accepted';
}

const KIND = 'kind: expected "echo", "command" or "openai"';
const COMMAND = 'expected a list of the program and its arguments, like [my-agent, --quiet]';
const TIMEOUT = 'timeout: expected seconds above 0, at most 604800';
const NAMES = 'environment: expected a list of names of environment variables, without their values';
const KEY_ENV = 'key_env: expected the name of an environment variable, not the key itself';
const command = { kind: 'command', command: ['true'] };
const MODELS = 'expected "configured", "upstream", or a mapping of the names for clients to names of models';
const OPENAI_DEFAULTS = { timeout: 600, stall_timeout: 300, max_retries: 3, models: 'configured', fallbacks: [] };
const openai = { kind: 'openai', base_url: 'http://127.0.0.1:1/v1', model: 'm' };

describe('the agent section', () => {
  it.each<[what: string, value: unknown, config: object]>([
    ['that is empty is an echo', {}, { kind: 'echo', delay_ms: 0 }],
    ['that only has a delay is an echo', { delay_ms: 5 }, { kind: 'echo', delay_ms: 5 }],
    [
      'may forbid the default agent to run a turn again',
      { replay: false },
      { kind: 'echo', delay_ms: 0, replay: false },
    ],
    [
      'of a command',
      command,
      {
        ...command,
        timeout: 3_600,
        max_output: 1_048_576,
        mode: 'turn',
        idle_timeout: 600,
        max_processes: 8,
        kill_after: 5,
        environment: ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'],
        network: true,
        readable: [],
        writable: [],
      },
    ],
    ['of a model on this machine', openai, { ...openai, ...OPENAI_DEFAULTS }],
  ])('%s', (_what, value, config) => {
    expect(agentSchema.parse(value)).toEqual(config);
  });

  it.each<[value: unknown, message: string]>([
    [{ kind: 'none' }, KIND],
    [{ kind: null }, KIND],
    [{ kind: ['echo'] }, KIND],
    ['echo', ': Invalid input: expected object, received string'],
    [[], ': Invalid input: expected object, received array'],
    [{ command: ['x'] }, ': Unrecognized key: "command"'],
    [{ kind: 'echo', delay_ms: -1 }, 'delay_ms: Too small: expected number to be >=0'],
    [{ kind: 'echo', replay: 'no' }, 'replay: Invalid input: expected boolean, received string'],

    [{ kind: 'command' }, `command: ${COMMAND}`],
    [{ kind: 'command', command: 'agent --print' }, `command: ${COMMAND}`],
    [{ kind: 'command', command: [] }, `command: ${COMMAND}`],
    [{ kind: 'command', command: ['', 'x'] }, `command: ${COMMAND}`],
    [{ kind: 'command', command: ['agent', 5] }, `command.1: ${COMMAND}`],
    [{ kind: 'command', command: ['agent', 'a\0b'] }, `command.1: ${COMMAND}`],
    [{ ...command, timeout: 0 }, TIMEOUT],
    [{ ...command, timeout: 604_801 }, TIMEOUT],
    [{ ...command, timeout: '1h' }, TIMEOUT],
    [{ ...command, kill_after: -1 }, 'kill_after: expected seconds from 0 to 3600'],
    [{ ...command, max_output: 0 }, 'max_output: expected a whole number of bytes from 1 to 67108864'],
    [{ ...command, max_output: 1.5 }, 'max_output: expected a whole number of bytes from 1 to 67108864'],
    [{ ...command, environment: { A: 'b' } }, NAMES],
    [{ ...command, environment: ['TOKEN=s3cret'] }, NAMES],
    [{ ...command, delay_ms: 1 }, ': Unrecognized key: "delay_ms"'],
    [{ ...command, model: 'm' }, ': Unrecognized key: "model"'],

    [{ kind: 'openai', model: 'm' }, 'base_url: Invalid input: expected string, received undefined'],
    [{ ...openai, model: '' }, 'model: Too small: expected string to have >=1 characters'],
    [
      { ...openai, base_url: 'ftp://127.0.0.1/' },
      ': base_url: expected a URL that begins with http:// or https://, like http://127.0.0.1:11434/v1',
    ],
    [
      { ...openai, base_url: '127.0.0.1:11434' },
      ': base_url: expected a URL that begins with http:// or https://, like http://127.0.0.1:11434/v1',
    ],
    [
      { ...openai, base_url: 'http://me:s3cret@127.0.0.1/v1' },
      ': base_url: expected a URL without user and password; name a variable that holds the key in key_env',
    ],
    [
      { ...openai, base_url: 'https://models.example/v1' },
      ': key_env: expected the name of the environment variable that holds the key, because models.example is another machine',
    ],
    [{ ...openai, base_url: 'https://models.example/v1', key_env: 'MODEL_KEY' }, 'accepted'],
    [{ ...openai, base_url: 'http://[::1]:8000/v1' }, 'accepted'],
    [{ ...openai, key_env: 'sk-s3cret' }, `: ${KEY_ENV}`],
    [{ ...openai, key_env: '' }, `: ${KEY_ENV}`],
    [{ ...openai, key: 's3cret' }, ': Unrecognized key: "key"'],
    [{ ...openai, models: 'any' }, `models: ${MODELS}`],
    [{ ...openai, models: { fast: 'vendor/fast' } }, 'accepted'],
    [
      { ...openai, fallbacks: [{ base_url: 'https://models.example/v1' }] },
      ': fallbacks.0.key_env: expected the name of the environment variable that holds the key, because models.example is another machine',
    ],
    [{ ...openai, fallbacks: [{ base_url: 'https://models.example/v1', key_env: 'KEY_2', model: 'n' }] }, 'accepted'],
    [{ ...openai, max_retries: 11 }, 'max_retries: expected a whole number from 0 to 10'],
    [{ ...openai, timeout: 0.5, max_retries: 0, system: 'Be brief.', replay: false }, 'accepted'],
  ])('%j: %s', (value, message) => {
    expect(complaint(value)).toBe(message);
    expect(message).not.toContain('s3cret');
  });
});
