import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { createTarPacker } from 'modern-tar';
import type { Manifest } from './manifest.ts';
import { MANIFEST_NAME } from './names.ts';

/**
 * Writes the files of `manifest`, which are in `staging`, as a new tar.gz at `path`, and flushes it to the disk. Each
 * staged file is removed when it has been written. @throws the error of the system.
 */
export async function writeArchive(path: string, staging: string, manifest: Manifest): Promise<void> {
  const { readable, controller } = createTarPacker();
  const out = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
  const written = pipeline(Readable.fromWeb(readable as Parameters<typeof Readable.fromWeb>[0]), createGzip(), out);
  const add = async (name: string, size: number, body: AsyncIterable<Uint8Array>) => {
    const writer = controller.add({ name, size, type: 'file', mode: 0o600, mtime }).getWriter();
    for await (const chunk of body) await writer.write(chunk);
    await writer.close();
  };
  const mtime = new Date(manifest.created_at);
  const fill = async () => {
    const text = Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`);
    await add(MANIFEST_NAME, text.length, Readable.from([text]));
    for (const { path, size } of manifest.files) {
      await add(path, size, createReadStream(join(staging, path), { highWaterMark: 1_048_576 }));
      rmSync(join(staging, path));
    }
    controller.finalize();
  };
  // A writer waits for the reader: without this, a full volume would leave it waiting.
  const filled = fill().catch((error: unknown) => controller.error(error));
  await written.catch((error: unknown) => {
    controller.error(error);
    throw error;
  });
  await filled;
}
