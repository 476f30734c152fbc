import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

const NAME = /^\.prompt-[0-9a-f-]{36}$/;

/**
 * A file without a name that holds `text`, to be read from its beginning: all of it, whatever happens to this process.
 * A pipe holds 64 KiB, and whoever reads one takes the death of the writer for the end of the text. The file takes its
 * room in `directory` until nobody has it open any more.
 * @throws when the text could not be stored; nothing is left of it then.
 */
export async function openPrompt(directory: string, text: string): Promise<FileHandle> {
  const path = join(directory, `.prompt-${randomUUID()}`);
  await using writer = await open(path, 'wx', 0o600);
  let reader: FileHandle | undefined;
  try {
    reader = await open(path, 'r');
    // Before the text is in it: a crash must not leave that behind.
    await unlink(path);
    await writer.writeFile(text);
    return reader;
  } catch (error) {
    await reader?.close();
    await unlink(path).catch(() => undefined);
    throw error;
  }
}

/** Removes the names that a process left behind which was killed; the files are empty. Never fails. */
export async function removePromptLeftovers(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((each) => NAME.test(each))) {
    await unlink(join(directory, name)).catch(() => undefined);
  }
}
