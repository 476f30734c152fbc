import { open, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The least that it takes to write and remove a small file so that both survive a power cut. */
export class BareMarker {
  readonly #directory: string;
  readonly #path: string;
  readonly #text: string;

  constructor(directory: string, text: string) {
    this.#directory = directory;
    this.#path = join(directory, 'bare.json');
    this.#text = text;
  }

  async write(): Promise<void> {
    const temporary = `${this.#path}.tmp`;
    await writeFile(temporary, this.#text, { flush: true });
    await rename(temporary, this.#path);
    await this.#syncDirectory();
  }

  async remove(): Promise<void> {
    await unlink(this.#path);
    await this.#syncDirectory();
  }

  async #syncDirectory(): Promise<void> {
    const directory = await open(this.#directory);
    await directory.sync();
    await directory.close();
  }
}
