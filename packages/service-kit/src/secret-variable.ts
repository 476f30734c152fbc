import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError } from './startup-error.ts';

const MAX_BYTES = 64 * 1024;

// A mounted secret may be a link; but never block on a FIFO.
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * The secret that the variable `name` stands for: its own value; else the text of the file that `NAME_FILE` names, as
 * Docker's secrets have it; else that of the file `name` in `CREDENTIALS_DIRECTORY`, where systemd puts credentials. A
 * file keeps it out of `/proc/PID/environ`. White space around the text of a file is no part of it.
 * @returns `undefined` when there is none. @throws StartupError, without a word of the secret, when there are two, or when the file cannot
 * be read or is empty.
 */
export function readSecretVariable(environment: Readonly<NodeJS.ProcessEnv>, name: string): string | undefined {
  const value = environment[name] || undefined;
  const path = environment[`${name}_FILE`] || undefined;
  if (value !== undefined && path !== undefined) {
    throw new StartupError(`${name} and ${name}_FILE are both set: expected one of them; unset the other`);
  }
  if (value !== undefined) return value;
  if (path !== undefined) return readSecretFile(`${name}_FILE`, path);
  const directory = environment['CREDENTIALS_DIRECTORY'] || undefined;
  return directory && readSecretFile('CREDENTIALS_DIRECTORY', join(directory, name), { mayBeMissing: true });
}

function readSecretFile(setting: string, path: string, { mayBeMissing = false } = {}): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, FLAGS);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (mayBeMissing && code === 'ENOENT') return undefined;
    throw new StartupError(`${setting}: cannot read the secret in ${path} (${code})`, { cause: error });
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new StartupError(`${setting}: expected a file with a secret; ${path} is no regular file`);
    if (stat.size > MAX_BYTES) throw new StartupError(`${setting}: ${path} has more than ${MAX_BYTES} bytes`);
    const text = readFileSync(fd, 'utf8').trim();
    if (text === '') throw new StartupError(`${setting}: expected a secret in ${path}; it is empty`);
    return text;
  } finally {
    closeSync(fd);
  }
}
