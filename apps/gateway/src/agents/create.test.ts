import { StartupError } from '@hermes/service-kit';
import { describe, expect, it } from 'vitest';
import { agentContext } from '../testing/agent-contexts.ts';
import { recordingLog } from '../testing/recording-log.ts';
import { agentSchema } from './config.ts';
import { createAgent } from './create.ts';

async function create(section: object, environment: NodeJS.ProcessEnv = {}) {
  const { log, lines } = recordingLog();
  return { agent: await createAgent(agentSchema.parse(section), agentContext({ log, environment })), lines };
}

const model = { kind: 'openai', base_url: 'https://models.example/v1', model: 'm', key_env: 'MODEL_KEY' };

describe('createAgent', () => {
  it.each<[name: string, section: object, replayable: boolean]>([
    ['echo', {}, true],
    ['command', { kind: 'command', command: ['true'] }, false],
    ['openai', model, true],
  ])('makes the agent "%s"', async (name, section, replayable) => {
    expect((await create(section, { MODEL_KEY: 's3cret' })).agent).toMatchObject({ name, replayable });
    const other = await create({ ...section, replay: !replayable }, { MODEL_KEY: 's3cret' });
    expect(other.agent.replayable).toBe(!replayable);
  });

  it.each<[environment: NodeJS.ProcessEnv, message: string]>([
    [{}, 'agent.key_env names the variable MODEL_KEY, which is not set: put the key of the model server into it'],
    [
      { MODEL_KEY: '' },
      'agent.key_env names the variable MODEL_KEY, which is not set: put the key of the model server into it',
    ],
    [
      { MODEL_KEY: 's3cret\n' },
      'agent.key_env names the variable MODEL_KEY: expected a key of printable ASCII characters without spaces or line breaks',
    ],
  ])('cannot make one without its key: %j', async (environment, message) => {
    await expect(create(model, environment)).rejects.toThrow(new StartupError(message));
  });

  it('warns about a key that is sent unencrypted', async () => {
    const open = { ...model, base_url: 'http://models.example/v1' };
    expect((await create(open, { MODEL_KEY: 's3cret' })).lines).toMatchObject([
      { level: 'warn', host: 'models.example' },
    ]);
    expect((await create(model, { MODEL_KEY: 's3cret' })).lines).toEqual([]);
    expect((await create({ ...model, base_url: 'http://127.0.0.1/v1' }, { MODEL_KEY: 's3cret' })).lines).toEqual([]);
  });
});
