import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { TURN_FILE } from './turn-file.ts';

const NAME = /^\.prompt-[0-9a-f-]{36}$/;

/**
 * An unnamed file with `text`, to be read from its beginning, even if this process ends. A pipe would not do: it holds
 * 64 KiB, and its reader cannot tell the death of the writer from the end of the text. The file uses space in
 * `directory` until the last process closes it.
 * @throws when the text could not be stored; nothing of it is left then.
 */
export async function openPrompt(directory: string, text: string): Promise<FileHandle> {
  const path = join(directory, `.prompt-${randomUUID()}`);
  await using writer = await open(path, 'wx', 0o600);
  let reader: FileHandle | undefined;
  try {
    reader = await open(path, 'r');
    // Unlink before writing: a crash must not leave the text behind.
    await unlink(path);
    await writer.writeFile(text);
    return reader;
  } catch (error) {
    await reader?.close();
    await unlink(path).catch(() => undefined);
    throw error;
  }
}

/** Removes the files that a killed process left behind: names of prompts, which are empty, histories and contents. Never fails. */
export async function removePromptLeftovers(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((each) => NAME.test(each) || TURN_FILE.test(each))) {
    await unlink(join(directory, name)).catch(() => undefined);
  }
}
