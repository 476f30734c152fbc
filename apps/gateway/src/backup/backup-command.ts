import { statSync } from 'node:fs';
import { visibleJson, visibleText } from '@hermes/drain-contract';
import { exitBySignal, StopRequest } from '@hermes/service-kit';
import { backUp } from './backup.ts';
import type { Manifest } from './manifest.ts';

export interface BackupCommandOptions {
  /** Absolute. */
  readonly file: string;
  readonly profile: string;
  readonly allProfiles: boolean;
  readonly withSecrets: boolean;
  readonly force: boolean;
  readonly json: boolean;
  readonly version: string;
}

/** `hermes-gateway backup`. @throws StartupError or ContractError; nothing is left behind. */
export async function runBackup(options: BackupCommandOptions): Promise<void> {
  const stop = new StopRequest();
  let remove: () => void = () => undefined;
  void stop.asked.then((signal) => {
    remove();
    return exitBySignal(signal);
  });
  const isShown = process.stderr.isTTY && !options.json;
  const manifest = await backUp({
    ...options,
    onProgress: (path, bytes) => {
      if (isShown) process.stderr.write(`copying ${visibleText(path)}: ${inMib(bytes)}\n`);
    },
    onStaged: (removeStaged) => {
      remove = removeStaged;
    },
  });
  const size = statSync(options.file).size;
  process.stdout.write(
    options.json ? `${visibleJson({ file: options.file, size, ...manifest })}\n` : tell(options.file, size, manifest),
  );
  // Its signal handlers would not keep this process, but what has ended must not be removed any more.
  remove = () => undefined;
}

function tell(file: string, size: number, manifest: Manifest): string {
  const lines = [
    `wrote ${file}: ${inMib(size)}, ${manifest.files.length} files`,
    ...manifest.files.map(({ path, size }) => `  ${path}: ${inMib(size)}`),
    ...manifest.left_out.map((what) => `left out: ${what}`),
    manifest.with_secrets
      ? 'it contains secrets: keep it where only you can read it'
      : 'it contains no secrets that hermes-gateway knows, but all messages and replies',
  ];
  return lines.map((line) => `${visibleText(line)}\n`).join('');
}

const MIB = 1_048_576;

function inMib(bytes: number): string {
  return bytes < MIB ? `${Math.ceil(bytes / 1_024)} KiB` : `${(bytes / MIB).toFixed(1)} MiB`;
}
