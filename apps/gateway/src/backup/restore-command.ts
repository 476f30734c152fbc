import { dirname, join } from 'node:path';
import { visibleJson, visibleText } from '@hermes/drain-contract';
import { exitBySignal, StopRequest } from '@hermes/service-kit';
import { configPath } from '../config/config-file.ts';
import { readYamlFile } from '../config/yaml-file.ts';
import { exportLine } from '../init/next-commands.ts';
import { type Restored, restore } from './restore.ts';

export interface RestoreCommandOptions {
  /** Absolute. */
  readonly file: string;
  /** Absolute. */
  readonly home: string;
  readonly json: boolean;
}

/** `hermes-gateway restore`. @throws StartupError or ContractError; the home is then as it was. */
export async function runRestore({ file, home, json }: RestoreCommandOptions): Promise<void> {
  const stop = new StopRequest();
  let remove: () => void = () => undefined;
  void stop.asked.then((signal) => {
    remove();
    return exitBySignal(signal);
  });
  const restored = await restore({
    ...{ file, home },
    onStaged: (removeStaged) => {
      remove = removeStaged;
    },
  });
  const variables = variablesOf(restored, home);
  const { manifest, unfinished } = restored;
  const { created_at, version, left_out } = manifest;
  const files = manifest.files.map(({ path }) => path);
  const setHome = exportLine(home);
  const commands = [...(setHome === undefined ? [] : [setHome]), 'hermes-gateway doctor', 'hermes-gateway run'];
  const report = { home, created_at, version, files, unfinished, left_out, variables, commands };
  const lines = [
    `restored ${home} as of ${created_at}: ${files.length} files, ${unfinished} messages without an answer`,
    ...left_out.map((what) => `not in the backup: ${what}`),
    ...variables.map((name) => `set ${name}: the configuration takes a secret from it`),
    'before you start it, make sure that the original gateway has stopped and stays stopped',
    'next:',
    ...commands.map((command) => `  ${command}`),
  ];
  process.stdout.write(json ? `${visibleJson(report)}\n` : lines.map((line) => `${visibleText(line)}\n`).join(''));
}

/** The variables with secrets that the restored configurations name. */
function variablesOf({ manifest }: Restored, home: string): string[] {
  const names = new Set<string>();
  for (const { path } of manifest.files) {
    const copied = join(home, path);
    if (copied !== configPath(dirname(copied))) continue;
    for (const name of namedIn(copied)) names.add(name);
  }
  if (manifest.left_out.some((what) => what.endsWith('api_server.key'))) names.add('API_SERVER_KEY');
  return [...names];
}

const KEYS = [
  ['agent', 'key_env'],
  ['telegram', 'token_env'],
  ['webhook', 'secret_env'],
] as const;

function namedIn(path: string): string[] {
  try {
    const { value } = readYamlFile(path);
    const { fallbacks } = (value['agent'] ?? {}) as { fallbacks?: unknown };
    const servers = (Array.isArray(fallbacks) ? fallbacks : []).map((server) => server?.key_env);
    const named = KEYS.map(([section, key]) => (value[section] as Record<string, unknown> | null | undefined)?.[key]);
    return [...named, ...servers].filter((name) => typeof name === 'string');
  } catch {
    // hermes-gateway doctor, which is the next command, says what is wrong with it.
    return [];
  }
}
