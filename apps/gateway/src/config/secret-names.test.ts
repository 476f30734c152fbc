import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from './load.ts';
import { configSchema, type GatewayConfig } from './schema.ts';
import { secretNames } from './secret-names.ts';

function homeWith(yaml: string): string {
  const home = mkdtempSync(join(tmpdir(), 'secrets-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  writeFileSync(join(home, 'config.yaml'), yaml);
  return home;
}

test('the secrets are those of our programs, those that the configuration names, and the files that hold them', () => {
  const config: GatewayConfig = {
    ...configSchema.parse({
      agent: { kind: 'openai', base_url: 'http://localhost/v1', model: 'm', key_env: 'MODEL_KEY' },
      telegram: { token_env: 'BOT_TOKEN' },
      webhook: { url: 'http://localhost/', secret_env: 'HOOK_SECRET' },
      journal: { kind: 'postgres', url_env: 'JOURNAL_URL' },
    }),
    on_drain: 'refuse',
  };
  const names = [
    'API_SERVER_KEY',
    'HERMES_DASHBOARD_DRAIN_SECRET',
    'MODEL_KEY',
    'BOT_TOKEN',
    'HOOK_SECRET',
    'JOURNAL_URL',
  ];
  const secrets = secretNames(config);
  for (const name of names) expect([name, secrets.has(name), secrets.has(`${name}_FILE`)]).toEqual([name, true, true]);
  expect([secrets.has('CREDENTIALS_DIRECTORY'), secrets.has('PATH')]).toEqual([true, false]);
});

test('no secret is passed on to the command of an agent, whatever its environment lists', () => {
  const home = homeWith(
    'agent:\n  kind: command\n  command: [x]\n  environment: [PATH, API_SERVER_KEY, BOT_TOKEN, BOT_TOKEN_FILE, OTHER]\ntelegram: {token_env: BOT_TOKEN}\n',
  );
  const { config, warnings } = loadConfig(home, {});
  expect(config.agent).toMatchObject({ environment: ['PATH', 'OTHER'] });
  expect(warnings.map((warning) => warning.split(' ')[1])).toEqual(['API_SERVER_KEY', 'BOT_TOKEN', 'BOT_TOKEN_FILE']);
});

test('the key may be in a file', () => {
  const home = homeWith('');
  writeFileSync(join(home, 'key'), 's3cret\n');
  const { config, warnings } = loadConfig(home, { API_SERVER_KEY_FILE: join(home, 'key') });
  expect(config.api_server.key).toBe('s3cret');
  expect(warnings).toEqual([expect.stringMatching(/^API_SERVER_KEY can be guessed: it has 6 characters/)]);
});
