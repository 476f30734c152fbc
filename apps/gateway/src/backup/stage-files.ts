import { createHash } from 'node:crypto';
import { constants, createReadStream, createWriteStream, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  DASHBOARD_TOKEN_FILENAME,
  DEFAULT_PROFILE,
  DESIRED_STATE_FILENAME,
  GATEWAY_STATE_FILENAME,
  JOURNAL_FILENAME,
  MIGRATION_FILENAME,
  PROFILE_MARK_FILENAME,
  type Profile,
  readGatewayState,
  UNTRUSTED_PLACE,
} from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';
import { CONFIG_FILENAME, configPath, hasOwnConfig } from '../config/config-file.ts';
import { copyWithoutSecrets } from './config-copy.ts';
import { copyJournal } from './journal-copy.ts';
import type { BackupFile } from './manifest.ts';
import { AUDIT_FILES } from './names.ts';

export interface StagingOptions {
  readonly withSecrets: boolean;
  /** The directory for the copies, which only this user can use. */
  readonly staging: string;
  /** Where the files of the profile are in the backup: empty, or a directory with a slash at its end. */
  readonly prefix: string;
  /** Gets a file of the backup and the bytes of it that are written so far. */
  readonly onProgress: (path: string, bytes: number) => void;
}

/** The copies of a profile's files. */
export interface Staged {
  readonly files: readonly BackupFile[];
  /** The schema of the journal; `null` if there is none. */
  readonly schema: number | null;
  readonly leftOut: readonly string[];
}

/** Copies what a backup has of a profile: each file as it is at one moment. @throws StartupError */
export async function stageProfile({ name, home }: Profile, options: StagingOptions): Promise<Staged> {
  const { staging, prefix, withSecrets, onProgress } = options;
  const paths: string[] = [];
  const target = (file: string): string => join(staging, `${prefix}${file}`);
  mkdirSync(target('logs'), { recursive: true, mode: 0o700 });
  const journal = `${prefix}${JOURNAL_FILENAME}`;
  const schema = await copyJournal(join(home, JOURNAL_FILENAME), target(JOURNAL_FILENAME), (bytes) =>
    onProgress(journal, bytes),
  );
  if (schema !== undefined) paths.push(journal);
  const copy = async (file: string) => {
    if (await copyFile(join(home, file), target(file))) paths.push(`${prefix}${file}`);
  };
  const settings = configPath(home);
  for (const file of [PROFILE_MARK_FILENAME, DESIRED_STATE_FILENAME, MIGRATION_FILENAME, basename(settings)])
    await copy(file);
  if (writeState(home, target(GATEWAY_STATE_FILENAME))) paths.push(`${prefix}${GATEWAY_STATE_FILENAME}`);
  const leftOut = withSecrets ? [] : await removeSecrets(settings, target(basename(settings)));
  // Of another program, whose secrets cannot be told from the rest.
  if (hasOwnConfig(home) && withSecrets) await copy(CONFIG_FILENAME);
  else if (hasOwnConfig(home) && existsSync(join(home, CONFIG_FILENAME)))
    leftOut.push(`${join(home, CONFIG_FILENAME)}, a file of another program`);
  if (name === DEFAULT_PROFILE) {
    // A rotation meanwhile gives a file a higher number: in this order, one may be copied twice, and none is missed.
    for (const file of AUDIT_FILES) await copy(file);
    if (withSecrets) await copy(DASHBOARD_TOKEN_FILENAME);
    else if (existsSync(join(home, DASHBOARD_TOKEN_FILENAME))) leftOut.push(join(home, DASHBOARD_TOKEN_FILENAME));
  }
  const files: BackupFile[] = [];
  for (const path of paths) files.push({ path, ...(await digest(join(staging, path))) });
  return { files, schema: schema ?? null, leftOut };
}

async function removeSecrets(path: string, copied: string): Promise<string[]> {
  if (!existsSync(copied)) return [];
  const { text, leftOut } = copyWithoutSecrets(path, await readText(copied));
  if (text !== undefined) writeFileSync(copied, text);
  return [...leftOut];
}

async function readText(path: string): Promise<string> {
  await using file = await open(path);
  return file.readFile('utf8');
}

/** Of the state, only what decides a start at boot: the rest is about a process of this machine. */
function writeState(home: string, target: string): boolean {
  const state = readGatewayState({ home });
  if (state === undefined) return false;
  const { gateway_state, desired_state, version } = state;
  const kept = { gateway_state, version, ...(desired_state === null ? {} : { desired_state }) };
  writeFileSync(target, `${JSON.stringify(kept)}\n`, { mode: 0o600, flag: 'wx' });
  return true;
}

/** Copies the bytes that a regular file has now. @returns false if there is none. @throws StartupError */
async function copyFile(from: string, to: string): Promise<boolean> {
  try {
    await using file = await open(from, constants.O_RDONLY | UNTRUSTED_PLACE);
    const stat = await file.stat();
    if (!stat.isFile()) throw new StartupError(`cannot back up ${from}: expected a regular file; remove it`);
    const out = createWriteStream(to, { mode: 0o600, flags: 'wx' });
    const size = stat.size;
    if (size === 0) out.end();
    else await pipeline(createReadStream('', { fd: file, start: 0, end: size - 1, autoClose: false }), out);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    if (code === 'ELOOP') throw new StartupError(`cannot back up ${from}: it is a link; replace it with the file`);
    throw error;
  }
}

/** The size and the SHA-256 of a file. */
async function digest(path: string): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1_048_576 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { size, sha256: hash.digest('hex') };
}
