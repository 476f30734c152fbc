import { StartupError } from '@hermes/service-kit';
import { describe, expect, it } from 'vitest';
import { quietLog } from '../testing/quiet-log.ts';
import { createChannels } from './create.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const TOKEN = '123456:ABC-def_GHI';
const webhook = { url: 'https://example.org/hook', secret_env: 'HOOK', timeout: 10 };
const telegram = {
  token_env: 'BOT',
  api_root: 'https://api.telegram.org/',
  group_messages: 'addressed' as const,
  stream: true,
};

const create = (config: Parameters<typeof createChannels>[0], environment = {}) =>
  createChannels(config, environment, quietLog().log);

/** Why these variables are refused. */
async function complaint(environment: NodeJS.ProcessEnv): Promise<string> {
  try {
    await create({ webhook, telegram }, { HOOK: SECRET, BOT: TOKEN, ...environment });
    return 'accepted';
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    return error.message;
  }
}

describe('createChannels', () => {
  it('makes none when none is configured', async () => {
    expect(await create({})).toEqual([]);
  });

  it('makes a webhook that carries all there is', async () => {
    const [channel, ...others] = await create({ webhook }, { HOOK: SECRET });
    expect([channel?.name, channel?.carries('telegram:1'), others]).toEqual(['webhook', true, []]);
  });

  it('makes a webhook that carries what no other channel carries', async () => {
    const channels = await create({ webhook, telegram }, { HOOK: SECRET, BOT: ` ${TOKEN}\n` });
    const carriers = (session: string) =>
      channels.filter((channel) => channel.carries(session)).map(({ name }) => name);
    expect([carriers('telegram:1'), carriers('s')]).toEqual([['telegram'], ['webhook']]);
  });

  it.each<[environment: NodeJS.ProcessEnv, message: string]>([
    [{ HOOK: undefined }, 'HOOK, which webhook.secret_env names, is not set: set it, or remove the section'],
    [{ HOOK: ' ' }, 'HOOK, which webhook.secret_env names, is not set: set it, or remove the section'],
    [{ BOT: '' }, 'BOT, which telegram.token_env names, is not set: set it, or remove the section'],
  ])('refuses %j and names the variable and its key', async (environment, message) => {
    expect(await complaint(environment)).toBe(message);
  });

  it.each([
    SECRET.slice('whsec_'.length),
    'whsec_',
    'whsec_too+short=',
    `whsec_${Buffer.alloc(23).toString('base64')}`,
    `whsec_${Buffer.alloc(65).toString('base64')}`,
    `${SECRET}x`,
    'whsec_!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!',
  ])('refuses the webhook secret %j and keeps it to itself', async (secret) => {
    const message = await complaint({ HOOK: secret });
    expect(message).toMatch(
      /^HOOK \(webhook.secret_env\): expected whsec_ and 24 to 64 random bytes in base64; make one/,
    );
    if (secret !== 'whsec_') expect(message).not.toContain(secret);
  });

  it.each([24, 64])('takes a webhook secret of %d bytes', async (bytes) => {
    expect(await complaint({ HOOK: `whsec_${Buffer.alloc(bytes, 1).toString('base64')}` })).toBe('accepted');
  });

  it.each(['123456', 'abc:def', '1:', '1:a/b', '1:a b', '1:a?b'])(
    'refuses the token %j and keeps it to itself',
    async (token) => {
      const message = await complaint({ BOT: token });
      expect(message).toMatch(/^BOT \(telegram.token_env\): expected a bot token like/);
      expect(message.replace('123456:ABC-DEF', '')).not.toContain(token);
    },
  );
});
