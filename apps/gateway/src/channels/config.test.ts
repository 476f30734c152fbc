import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError } from '@hermes/service-kit';
import { temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../config/load.ts';

function load(file: string) {
  const home = temporaryDirectory();
  writeFileSync(join(home, 'config.yaml'), file);
  return loadConfig(home, {}).config;
}

/** Why these settings are refused, after the path of the file. */
function complaint(file: string): string {
  try {
    load(file);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    return error.message.replace(/^.*config\.yaml: /, '');
  }
}

describe('the channels of config.yaml', () => {
  it.each(['', 'webhook:\ntelegram:\n  # token_env: X\nhome_channels:\n'])('are none in %j', (file) => {
    expect(load(file)).toMatchObject({ home_channels: [] });
    expect([load(file).webhook, load(file).telegram]).toEqual([undefined, undefined]);
  });

  it('have defaults', () => {
    expect(load('webhook: {url: "https://x.example/", secret_env: A}\ntelegram: {token_env: B}')).toMatchObject({
      webhook: { url: 'https://x.example/', secret_env: 'A', timeout: 10 },
      telegram: { token_env: 'B', api_root: 'https://api.telegram.org' },
    });
  });

  it('are what the file says', () => {
    const telegram = { token_env: 'B', api_root: 'http://bot-api:8081', allowed_chats: [1, -1_001_234_567_890] };
    const webhook = { url: 'http://127.0.0.1:1/x?y=z', secret_env: '_a1', timeout: 2.5 };
    const home = ['telegram:1', 'ops'];
    expect(load(JSON.stringify({ telegram, webhook, home_channels: home }))).toMatchObject({
      telegram,
      webhook,
      home_channels: home,
    });
  });

  const URL_RULE = 'webhook: url: expected an https URL without user and password, or an http one on this machine';

  it.each(['http://[::1]/', 'http://localhost:1', 'http://127.9.9.9/', 'https://10.0.0.1'])('may post to %s', (url) => {
    expect(complaint(`webhook: {url: "${url}", secret_env: A}`)).toBe('accepted');
  });

  it.each([
    'http://example.org/s3cret',
    'http://127.0.0.1.example.org/s3cret',
    'ftp://example.org/s3cret',
    'https://user:s3cret@example.org',
    's3cret',
    '',
  ])('may not post to %j, which is not shown because it may contain a secret', (url) => {
    expect(complaint(`webhook:\n  secret_env: A\n  url: "${url}"`)).toBe(`line 1: ${URL_RULE}`);
  });

  it.each(['whsec_s3cret', '123456:s3cret', 's3cret value', ''])('have no secret like %j in the file', (secret) => {
    const rule = 'expected the name of the environment variable that holds the secret, not the secret itself';
    expect(complaint(`webhook: {url: "https://x.example", secret_env: "${secret}"}`)).toBe(
      `line 1: webhook: secret_env: ${rule}`,
    );
    expect(complaint(`\ntelegram: {token_env: "${secret}"}`)).toBe(`line 2: telegram: token_env: ${rule}`);
  });

  it.each<[file: string, message: RegExp]>([
    ['webhook: {secret_env: A}', /^line 1: webhook.url: expected an https URL/],
    [
      'webhook: {url: "https://x.example"}',
      /^line 1: webhook.secret_env: expected the name of the environment variable/,
    ],
    [
      'webhook: {url: "https://x.example", secret_env: A, timeout: 0}',
      /webhook.timeout: expected seconds from 1 to 30, found 0$/,
    ],
    [
      'webhook: {url: "https://x.example", secret_env: A, timeout: 31}',
      /webhook.timeout: expected seconds from 1 to 30/,
    ],
    [
      'webhook: {url: "https://x.example", secret_env: A, secret: s3cret}',
      /^line 1: webhook.secret: Unrecognized key: "secret"$/,
    ],
    ['webhook: s3cret', /^line 1: webhook: .*expected object, received string$/],
    ['telegram: {}', /^line 1: telegram.token_env: expected the name of the environment variable/],
    ['telegram: {token_env: A, api_root: "x"}', /^line 1: telegram: api_root: expected an http or https URL/],
    ['telegram: {token_env: A, api_root: "https://x.example/?a"}', /^line 1: telegram: api_root: expected/],
    ['telegram: {token_env: A, allowed_chats: 1}', /telegram.allowed_chats: expected a list of the numbers of chats/],
    [
      'telegram: {token_env: A, allowed_chats: [me]}',
      /telegram.allowed_chats.0: expected a list of the numbers of chats, found "me"$/,
    ],
    ['telegram: {token_env: A, allowed_chats: [1.5]}', /expected a list of the numbers of chats, found 1.5$/],
    [
      'home_channels: telegram:1',
      /^line 1: home_channels: expected a list of the names of sessions, like \[telegram:123\]/,
    ],
    ['home_channels: [1]', /^line 1: home_channels.0: expected a list of the names of sessions/],
    ['home_channels: [""]', /^line 1: home_channels.0: expected a list of the names of sessions/],
  ])('are refused in %j', (file, message) => {
    expect(complaint(file)).toMatch(message);
    expect(complaint(file)).not.toContain('s3cret');
  });
});
