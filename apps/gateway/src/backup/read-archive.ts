import { createHash } from 'node:crypto';
import { mkdirSync, type ReadStream, statfsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { StartupError } from '@hermes/service-kit';
import { createTarDecoder, type ParsedTarEntry } from 'modern-tar';
import { type BackupFile, MAX_MANIFEST_BYTES, type Manifest, parseManifest } from './manifest.ts';
import { MANIFEST_NAME } from './names.ts';

/** Bytes of an archive beside its files: headers, padding, and what is read ahead of the manifest. */
const OVERHEAD = 67_108_864;

/** An archive that is being read. */
export interface ArchiveSource {
  /** Its path, for messages. */
  readonly file: string;
  /** Its bytes. */
  readonly input: ReadStream;
}

/**
 * Unpacks a backup into the empty directory `staging`, and compares each file with the manifest. Writes nothing else:
 * an entry that the manifest does not list, a link, or a file of another size or content ends it.
 * @throws StartupError
 */
export async function unpackArchive(source: ArchiveSource, staging: string, knownSchema: number): Promise<Manifest> {
  const limit = new ByteLimit();
  const gunzip = createGunzip();
  const { input } = source;
  input.on('error', (error) => gunzip.destroy(error));
  gunzip.on('error', (error) => limit.destroy(error));
  const bytes = Readable.toWeb(input.pipe(gunzip).pipe(limit)) as ReadableStream<Uint8Array>;
  const entries = bytes.pipeThrough(createTarDecoder({ strict: true }));
  try {
    return await readEntries(source.file, entries, { staging, knownSchema, limit });
  } catch (error) {
    throw archiveError(source.file, error);
  } finally {
    for (const stream of [input, gunzip, limit]) stream.destroy();
  }
}

interface Unpacking {
  readonly staging: string;
  readonly knownSchema: number;
  readonly limit: ByteLimit;
}

async function readEntries(
  file: string,
  entries: ReadableStream<ParsedTarEntry>,
  { staging, knownSchema, limit }: Unpacking,
): Promise<Manifest> {
  let manifest: Manifest | undefined;
  const expected = new Map<string, BackupFile>();
  for await (const entry of entries) {
    const { name, type, size } = entry.header;
    if (type !== 'file') throw new DamageError(`${shown(name)} is a ${type}, and a backup has only files`);
    if (manifest === undefined) {
      if (name !== MANIFEST_NAME || size > MAX_MANIFEST_BYTES) throw new DamageError('it has no manifest');
      manifest = parseManifest(await readText(entry), file, knownSchema);
      for (const listed of manifest.files) expected.set(listed.path, listed);
      const total = manifest.files.reduce((sum, listed) => sum + listed.size, 0);
      requireSpace(staging, total);
      limit.bytes = total + OVERHEAD;
      continue;
    }
    const listed = expected.get(name);
    if (listed === undefined) throw new DamageError(`its manifest does not list ${shown(name)}`);
    expected.delete(name);
    if (listed.size !== size) throw new DamageError(`${name} has ${size} bytes instead of ${listed.size}`);
    await writeEntry(entry, join(staging, name), listed);
  }
  if (manifest === undefined) throw new DamageError('it is empty');
  const [missing] = expected.keys();
  if (missing !== undefined) throw new DamageError(`${missing} is missing`);
  return manifest;
}

async function readText({ body }: ParsedTarEntry): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Written for its owner only, whatever mode the archive names, and flushed. */
async function writeEntry({ body }: ParsedTarEntry, path: string, listed: BackupFile): Promise<void> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  await using out = await open(path, 'wx', 0o600);
  for await (const chunk of body) {
    hash.update(chunk);
    await out.writeFile(chunk);
  }
  if (hash.digest('hex') !== listed.sha256) throw new DamageError(`${listed.path} has another SHA-256`);
  await out.sync();
}

function requireSpace(directory: string, needed: number): void {
  const { bavail, bsize, blocks } = statfsSync(directory);
  // A file system without a limit has no blocks.
  if (blocks === 0 || bavail * bsize > needed) return;
  throw new StartupError(
    `no space for the restored files in ${directory}: ${needed} bytes are needed, ${bavail * bsize} are free`,
  );
}

/** The archive is not what a backup writes. */
class DamageError extends Error {}

/** Ends a stream that is longer than expected, such as one that unpacks to far more than it says. */
class ByteLimit extends Transform {
  bytes = OVERHEAD;
  #passed = 0;

  override _transform(chunk: Buffer, _encoding: string, done: (error: Error | null, chunk?: Buffer) => void): void {
    this.#passed += chunk.length;
    if (this.#passed > this.bytes) done(new DamageError('it is larger than its manifest says'));
    else done(null, chunk);
  }
}

/** Codes of errors that are about the place of the copy, and not about the archive. */
function isOfSystem(error: unknown): boolean {
  return typeof (error as { syscall?: unknown }).syscall === 'string';
}

function archiveError(file: string, error: unknown): Error {
  if (error instanceof StartupError) return error;
  if (isOfSystem(error)) return error as Error;
  // Node's web streams wrap an error of zlib in one without a message.
  const { message, cause } = error as Error;
  const reason = (message || (cause as Error | undefined)?.message || 'it cannot be unpacked').replace(/\.$/, '');
  return new StartupError(
    `cannot restore ${file}: it is damaged or not a backup: ${reason}; nothing was restored; use another copy of it`,
    { cause: error, temporary: false },
  );
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 100));
}
