import { existsSync, statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { databaseError, openForReading, requireLogOwner } from '../journal/sqlite/open-database.ts';

/**
 * Runs in a thread, because the copy blocks it. VACUUM INTO and not `sqlite.backup()`: that needs Node 22.16, and it
 * starts again at each write of the gateway, which is another process. VACUUM INTO copies one snapshot, without the log.
 */
const COPY = `
const { workerData, parentPort } = require('node:worker_threads');
const { DatabaseSync } = require('node:sqlite');
try {
  const database = new DatabaseSync(workerData.from, { readOnly: true });
  database.exec('PRAGMA busy_timeout = 5000');
  database.prepare('VACUUM INTO ?').run(workerData.to);
  database.close();
  parentPort.postMessage({});
} catch (error) {
  parentPort.postMessage({ message: error.message, errcode: error.errcode });
}`;

/** How often progress is reported, in ms. */
const PROGRESS_MS = 1_000;

interface CopyResult {
  readonly message?: string;
  readonly errcode?: number;
}

/**
 * Copies a consistent snapshot of the journal at `from` to the new file `to`, while its gateway writes.
 * @param onProgress gets the bytes that are written so far.
 * @returns the version of its schema; `undefined` if there is no journal yet. @throws StartupError
 */
export async function copyJournal(
  from: string,
  to: string,
  onProgress: (bytes: number) => void,
): Promise<number | undefined> {
  requireLogOwner(from);
  if (!existsSync(from) || statSync(from).size === 0) return undefined;
  const database = openForReading(from);
  const schema = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  database.close();
  const timer = setInterval(() => onProgress(sizeOf(to)), PROGRESS_MS);
  try {
    const result = await copyInThread(from, to);
    if (result.message === undefined) return schema;
    throw copyError(from, to, Object.assign(new Error(result.message), { errcode: result.errcode }));
  } finally {
    clearInterval(timer);
  }
}

function copyInThread(from: string, to: string): Promise<CopyResult> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(COPY, { eval: true, workerData: { from, to }, execArgv: ['--no-warnings'] });
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) => reject(new Error(`the thread of the copy ended with ${code}`)));
  });
}

const FULL = 13;

/** A full volume is that of the copy: the journal itself is only read. */
function copyError(from: string, to: string, error: Error & { errcode?: number | undefined }): Error {
  if (((error.errcode ?? 0) & 0xff) !== FULL) return databaseError(from, error);
  return Object.assign(new Error(`no space for the copy ${to}`), { code: 'ENOSPC' });
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
