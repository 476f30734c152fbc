import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How often we look whether npm is still there, in ms: no event tells when a parent ends. */
const LOOK_MS = 500;

/** @typedef {{ pid: number, shell: number | undefined, npm: number | undefined }} Ancestors */

/**
 * Who started us, when it was npm: taken at the very start, while all of them are there.
 * @returns {Ancestors | undefined} undefined where a person did: what a person leaves running outlives the terminal's shell
 */
export function npmAbove() {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const pid = process.ppid;
  // Between npm and us there may be the shell of the script. It outlives npm, waiting for us, when npm is killed.
  return isShellOfScript(pid) ? { pid, shell: pid, npm: parentOf(pid) } : { pid, shell: undefined, npm: undefined };
}

/**
 * Runs `node` with `words` in our place and ends as it ended. When npm has gone, it is asked to end like by a SIGTERM: a
 * signal to npm reaches the shell of the script only, which passes none on.
 * @param {string} node @param {readonly string[]} words @param {Ancestors | undefined} ancestors
 */
export function handOver(node, words, ancestors) {
  // When we are killed, the child sees only that the channel closes.
  const child = spawn(node, words, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  // That a Ctrl-C on the terminal reaches it by itself, too, is its concern.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const watch = setInterval(() => {
    if (ancestors === undefined || isAbove(ancestors)) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, LOOK_MS);
  child.on('error', (error) => {
    console.error(`${node} could not be run: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** @param {Ancestors} ancestors */
function isAbove({ pid, shell, npm }) {
  if (process.ppid !== pid) return false;
  return shell === undefined || npm === undefined || parentOf(shell) === npm;
}

/** @param {number} pid */
function isShellOfScript(pid) {
  const [, option, script] = (read(`/proc/${pid}/cmdline`) ?? '').split('\0');
  return option === '-c' && script?.startsWith(process.env.npm_lifecycle_script ?? '\0') === true;
}

/**
 * @param {number} pid
 * @returns {number | undefined} undefined where there is no /proc; then only our own parent is watched
 */
function parentOf(pid) {
  // The name before it is in parentheses, and may have any characters.
  const [, parent] = /\) \S (\d+) [^)]*$/.exec(read(`/proc/${pid}/stat`) ?? '') ?? [];
  return parent === undefined ? undefined : Number(parent);
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
