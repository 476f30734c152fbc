import type { Logger } from '@hermes/service-kit';
import type { Api } from 'grammy';
import type { ContentPart } from '../../openai-wire/parts.ts';
import { download, MAX_FILE_BYTES, UnusableFile } from './download.ts';
import { telegramReason } from './errors.ts';
import type { Part } from './parts.ts';
import type { Place } from './place.ts';

/** How often the download of the files of a message is tried. */
const MAX_DOWNLOADS = 5;

const UNUSABLE = 'I could not download the files of your message: please send it again later.';

export interface MessageFilesOptions {
  readonly api: Api;
  readonly apiRoot: string;
  readonly token: string;
  readonly log: Logger;
  /** Says to the sender why the files are not taken. */
  readonly answer: (place: Place, text: string) => void;
}

/** Downloads the files of messages. */
export class MessageFiles {
  readonly #options: MessageFilesOptions;
  /** Failed downloads of the message that begins with this update. */
  #downloads = { update: 0, failed: 0 };

  constructor(options: MessageFilesOptions) {
    this.#options = options;
  }

  /**
   * The files of each part, together at most {@link MAX_FILE_BYTES}; `undefined` if they cannot be had, which their sender
   * learns. @throws when they may be had later.
   */
  async of(parts: readonly Part[], update: number, stopping: AbortSignal): Promise<ContentPart[][] | undefined> {
    const { log, answer } = this.#options;
    try {
      const files = await this.#download(parts, stopping);
      this.#downloads = { update, failed: 0 };
      return files;
    } catch (error) {
      if (stopping.aborted) throw error;
      const failed = (this.#downloads.update === update ? this.#downloads.failed : 0) + 1;
      this.#downloads = { update, failed };
      if (!(error instanceof UnusableFile) && failed < MAX_DOWNLOADS) throw error;
      const reason = telegramReason(error);
      for (const { place } of parts.slice(0, 1)) {
        log.warn({ chat: place.chat, reason }, 'the files of a message are not taken');
        answer(place, error instanceof UnusableFile ? error.message : UNUSABLE);
      }
      return undefined;
    }
  }

  async #download(parts: readonly Part[], stopping: AbortSignal): Promise<ContentPart[][]> {
    const { api, apiRoot: root, token } = this.#options;
    const files: ContentPart[][] = [];
    let room = MAX_FILE_BYTES;
    for (const { file } of parts) {
      const downloaded = file && (await download({ api, root, token }, file, room, stopping));
      files.push(downloaded ? [downloaded.part] : []);
      room -= downloaded?.bytes ?? 0;
    }
    return files;
  }
}
