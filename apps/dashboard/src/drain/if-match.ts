/** What an `If-Match` header demands of the drain in force: anything, or one of these request ids. */
export type Precondition = 'any' | readonly string[];

const ENTITY_TAG = /^(W\/)?"([\x21\x23-\x7e]*)"$/;

/**
 * Reads an `If-Match` header (RFC 9110, section 13.1.1). A weak tag matches nothing.
 * @returns `undefined` when it is neither `*` nor a list of quoted tags.
 */
export function parseIfMatch(header: string | undefined): Precondition | undefined {
  if (header === undefined || header.trim() === '*') return 'any';
  const tags = header.split(',').map((tag) => ENTITY_TAG.exec(tag.trim()));
  if (tags.some((tag) => tag === null)) return undefined;
  return tags.flatMap((tag) => (tag?.[1] === undefined && tag?.[2] ? [tag[2]] : []));
}

/** The `ETag` of a drain, or `undefined` when its id, which anybody may have written, cannot stand in a header. */
export function entityTag(requestId: string | null | undefined): string | undefined {
  const tag = `"${requestId ?? ''}"`;
  return requestId && ENTITY_TAG.test(tag) ? tag : undefined;
}
