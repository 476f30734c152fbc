import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryDirectory } from '@hermes/test-kit';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Registry } from './registry.ts';

test('a package can be published and is there, and nothing else is', async () => {
  await using registry = await Registry.start();
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: '@hermes/example', version: '1.2.3' }));
  registry.npmrc(directory);
  const npm = async (...words: string[]) => await promisify(execFile)('npm', words, { cwd: directory });
  expect(await registry.packument('@hermes/example')).toBeUndefined();
  await npm('pack');
  await npm('publish', `--registry=${registry.url}`, `--@hermes:registry=${registry.url}`, 'hermes-example-1.2.3.tgz');
  const file = readFileSync(join(directory, 'hermes-example-1.2.3.tgz'));
  const integrity = `sha512-${createHash('sha512').update(file).digest('base64')}`;
  expect(await registry.packument('@hermes/example')).toMatchObject({
    'dist-tags': { latest: '1.2.3' },
    versions: { '1.2.3': { dist: { integrity } } },
  });
  await expect(registry.packument('zod')).rejects.toThrow(/answers 4\d\d for zod/);
});

test('a private one refuses readers without the token', async () => {
  await using registry = await Registry.start({ isPrivate: true });
  expect((await fetch(`${registry.url}@hermes%2fexample`)).status).toBe(401);
  expect(await registry.packument('@hermes/example')).toBeUndefined();
});

test('without its upstream, a registry that needs one does not start, and says why', async () => {
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9/');
  await expect(Registry.start({ upstream: true })).rejects.toThrow(
    'expected packages of others from http://127.0.0.1:9/',
  );
});
