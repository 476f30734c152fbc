import { createHash } from 'node:crypto';

const MARK = 'Written by hermes-gateway service install; sha256 of what follows:';

/** Whose hand a file is of. */
export type Authorship = 'wanted' | 'ours' | 'changed';

/** `text` with a first line by which a change by hand is recognized. @param comment how the language begins a comment */
export function signed(text: string, comment: '#' | '//'): string {
  return `${comment} ${MARK} ${digest(text)}\n${text}`;
}

/** Whether `found` is the file that is `wanted`, one that an earlier installation wrote, or one that a person has changed. */
export function authorshipOf(found: string, wanted: string): Authorship {
  if (found === wanted) return 'wanted';
  const end = found.indexOf('\n');
  const [, hash] = found.slice(0, end).split(`${MARK} `);
  return end >= 0 && hash === digest(found.slice(end + 1)) ? 'ours' : 'changed';
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
