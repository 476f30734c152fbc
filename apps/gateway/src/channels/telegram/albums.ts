import type { Message, Update } from 'grammy/types';

/** The most updates of one answer of the server. */
export const MAX_UPDATES = 100;

/** The album that an update is a part of; unique in all chats. */
export function albumOf({ message }: Update): string | undefined {
  return message && albumOfMessage(message);
}

/** The album that a message is a part of, also when it was edited. */
export function albumOfMessage({ chat, media_group_id: group }: Message): string | undefined {
  return group === undefined ? undefined : `${chat.id}:album:${group}`;
}

/** Each update alone, and those of one album together, in the order of their first ones. */
export function groupUpdates(updates: readonly Update[]): Update[][] {
  const albums = new Map<string, Update[]>();
  const groups: Update[][] = [];
  for (const update of updates) {
    const album = albumOf(update);
    const begun = album === undefined ? undefined : albums.get(album);
    if (begun) {
      begun.push(update);
      continue;
    }
    const group = [update];
    groups.push(group);
    if (album !== undefined) albums.set(album, group);
  }
  return groups;
}

/**
 * The first update that the server must keep: those before it are in groups that are not open any more. An album is kept
 * or dropped as a whole, so that its parts are not taken for another message when they come again.
 */
export function firstKept(groups: readonly (readonly Update[])[], open: ReadonlySet<readonly Update[]>): number {
  const ids = groups.map((group) => group.map(({ update_id: id }) => id));
  let first = Math.min(
    ...groups.map((group, index) => (open.has(group) ? (ids[index]?.[0] ?? 0) : Number.POSITIVE_INFINITY)),
  );
  if (first === Number.POSITIVE_INFINITY) return Math.max(...ids.flat()) + 1;
  for (const group of ids.toReversed()) {
    const [begin = first] = group;
    if (begin < first && (group.at(-1) ?? 0) >= first) first = begin;
  }
  return first;
}

/** Without an album at the end that may go on behind the updates of this answer. */
export function withoutCutAlbum(updates: readonly Update[]): readonly Update[] {
  const last = updates.at(-1);
  const album = last && albumOf(last);
  if (album === undefined || updates.length < MAX_UPDATES) return updates;
  const begin = updates.findIndex((update) => albumOf(update) === album);
  return begin > 0 ? updates.slice(0, begin) : updates;
}

/** The number of updates that are parts of albums. */
export function countInAlbums(updates: readonly Update[]): number {
  return updates.filter((update) => albumOf(update) !== undefined).length;
}
