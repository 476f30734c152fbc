import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { RegistrySetting } from './choose-registry.ts';
import type { Package } from './packages.ts';

/** Every place that says to which registry packages of `scope` are published. */
export function registrySettings(root: string, scope: string, packages: readonly Package[]): RegistrySetting[] {
  const key = `${scope}:registry`;
  const user = process.env['npm_config_userconfig'] ?? process.env['NPM_CONFIG_USERCONFIG'];
  return [
    ...packages.flatMap(settingOfPackage),
    ...settingsOfFile(join(root, '.npmrc'), key),
    ...settingsOfFile(user || join(homedir(), '.npmrc'), key),
    ...setting(`the environment variable npm_config_${key}`, process.env[`npm_config_${key}`]),
  ];
}

function settingOfPackage({ directory, manifest: { publishConfig = {} } }: Package): RegistrySetting[] {
  // npm takes any setting from there, that of a scope as well.
  const keys = Object.keys(publishConfig).filter((key) => key === 'registry' || key.endsWith(':registry'));
  return keys.flatMap((key) => setting(`${directory}/package.json, publishConfig.${key}`, String(publishConfig[key])));
}

function settingsOfFile(path: string, key: string): RegistrySetting[] {
  return setting(path, readSetting(path, key));
}

/** The last line wins, as in npm. No other line of the file is looked at: it has secrets. */
function readSetting(path: string, key: string): string | undefined {
  const lines = readIfThere(path).split('\n');
  const values = lines.flatMap((line) => {
    const [name, ...rest] = line.split('=');
    return name?.trim() === key ? [rest.join('=').trim()] : [];
  });
  const text = values.at(-1)?.replace(/^(["'])(.*)\1$/, '$2');
  return text?.replace(/\$\{(\w+)\}/g, (whole, name) => process.env[name] ?? whole);
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

function setting(source: string, url: string | undefined): RegistrySetting[] {
  return url ? [{ source, url }] : [];
}
