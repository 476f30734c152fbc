import { abortAfter } from '@hermes/service-kit';
import type { Api } from 'grammy';
import { GrammyError } from 'grammy';
import type { ContentPart } from '../../openai-wire/parts.ts';
import type { FileReference } from './read-message.ts';

const MIB = 1_048_576;

/** Limit of one file, and of all files of an album together. */
export const MAX_FILE_BYTES = 10 * MIB;

/** The images that models look at; others are files. */
const IMAGES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

const TIMEOUT_MS = 60_000;

/** Why a file is not taken, as a sentence for its sender: a retry cannot help. */
export class UnusableFile extends Error {}

export interface Downloader {
  readonly api: Api;
  /** The URL of the server and the token, which must not be logged. */
  readonly root: string;
  readonly token: string;
}

/** A file as a part of a message, and its bytes. @throws UnusableFile; other errors are temporary. */
export async function download(
  { api, root, token }: Downloader,
  file: FileReference,
  room: number,
  stopping: AbortSignal,
): Promise<{ readonly part: ContentPart; readonly bytes: number }> {
  if ((file.bytes ?? 0) > room) throw tooLarge(file);
  const signal = abortAfter(TIMEOUT_MS, stopping);
  const path = await pathOf(api, file, signal);
  const response = await fetch(`${root}/file/bot${token}/${path}`, { signal, redirect: 'manual' }).catch((error) => {
    // The message of the error may contain the URL, and so the token.
    throw new Error(`a file cannot be downloaded (${(error.cause as NodeJS.ErrnoException)?.code ?? error.name})`);
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    if (response.status >= 500 || response.status === 429) throw new Error(`a download failed with ${response.status}`);
    throw new UnusableFile(
      `I could not download ${nameOf(file)} from Telegram (${response.status}): please send it again.`,
    );
  }
  const bytes = await limitedBytes(response, file, room);
  return { part: partOf(file, bytes), bytes: bytes.byteLength };
}

async function pathOf(api: Api, file: FileReference, signal: AbortSignal): Promise<string> {
  try {
    const { file_path: path = '' } = await api.getFile(file.id, signal as never);
    if (/^[\w./-]+$/.test(path) && !path.includes('..')) return path;
  } catch (error) {
    if (!(error instanceof GrammyError) || error.error_code !== 400) throw error;
    if (error.description.includes('too big')) throw tooLarge(file);
  }
  throw new UnusableFile(`Telegram does not give me ${nameOf(file)}: please send it again.`);
}

async function limitedBytes(response: Response, file: FileReference, room: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.byteLength;
    if (bytes > room) throw tooLarge(file);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function partOf({ mimeType, name }: FileReference, bytes: Buffer): ContentPart {
  const type = /^[\w.+-]+\/[\w.+-]+$/.test(mimeType) ? mimeType : 'application/octet-stream';
  const url = `data:${type};base64,${bytes.toString('base64')}`;
  if (IMAGES.includes(type)) return { type: 'image_url', image_url: { url } };
  return { type: 'file', file: { filename: name, file_data: url } };
}

function tooLarge(file: FileReference): UnusableFile {
  return new UnusableFile(
    `${nameOf(file)} is too large: I take up to ${MAX_FILE_BYTES / MIB} MiB in one message. Please send a smaller one.`,
  );
}

function nameOf({ name }: FileReference): string {
  return name === undefined ? 'The photo' : `The file ${name}`;
}
