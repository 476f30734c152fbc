import { join } from 'node:path';
import { MAX_FILE_BYTES, PROFILE_MARK_FILENAME, readSmallFile } from '@hermes/drain-contract';

/** The instructions of a profile, or why its file has none that can be used. */
export interface Instructions {
  readonly text?: string;
  readonly problem?: string;
}

/** HTML comments, which Markdown does not show: notes for people. */
const COMMENT = /<!--.*?(?:-->|$)/gs;

/** Reads `SOUL.md` of a profile, without its comments; a missing or empty file has no instructions. Never throws. */
export function readInstructions(home: string): Instructions {
  const path = join(home, PROFILE_MARK_FILENAME);
  const found = readSmallFile(path);
  if (found.kind === 'absent') return {};
  if (found.kind !== 'bytes') return unusable(path, `a regular file that this user can read, found ${found.code}`);
  if (found.bytes.byteLength > MAX_FILE_BYTES) return unusable(path, `at most ${MAX_FILE_BYTES} bytes, found more`);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(found.bytes).replaceAll(COMMENT, '').trim();
    if (text.includes('\0')) return unusable(path, 'text, found a NUL character');
    return text === '' ? {} : { text };
  } catch {
    return unusable(path, 'text in UTF-8, found other bytes');
  }
}

function unusable(path: string, expected: string): Instructions {
  return { problem: `${path} is not sent to the agent: expected ${expected}` };
}
