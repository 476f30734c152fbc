/** An account by its numbers. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** A place on the way to a directory that others than its owner or root may change, and so what the path leads to. */
export interface SharedPlace {
  readonly path: string;
  /** The group that may write there; `undefined` when every user may. */
  readonly gid: number | undefined;
}

/** Who can change what a path leads to. */
export interface PathControl {
  /** The real path of the directory, or of the last one that exists on the way to it. */
  readonly directory: string;
  readonly owner: Account;
  /** Whether the path continues after it to something that does not exist or is no directory. */
  readonly incomplete: boolean;
  /** Whether its group (other than root's) or every user may write to the directory itself. */
  readonly open: boolean;
  /** Directories and links on the way that a user owns who is not root. */
  readonly held: readonly { readonly path: string; readonly uid: number }[];
  /** Directories on the way that a group or every user may write to and that are not sticky. */
  readonly shared: readonly SharedPlace[];
}

/** The user that root must become before it works in a directory. */
export type Identity =
  /** Only root can change what the path leads to. */
  | { readonly kind: 'stay' }
  /** One user controls the directory and the way to it. */
  | { readonly kind: 'become'; readonly owner: Account }
  /** Another user can replace the directory while it is in use. */
  | { readonly kind: 'refuse'; readonly found: string; readonly cure: string };

/**
 * What root has to be in a directory, as a pure decision. Whatever a user can change may be changed at any moment, so
 * root stays root only where no other user can change any part of the path, and becomes a user only where that user alone
 * can: then it does not matter when a part of the path is exchanged.
 */
export function decideIdentity({ directory, owner, incomplete, open, held, shared }: PathControl): Identity {
  const foreign = held.find(({ uid }) => uid !== owner.uid);
  if (foreign) {
    return refuse(
      `uid ${foreign.uid} owns ${foreign.path} and can replace ${directory}, which belongs to uid ${owner.uid}`,
      `name a directory that no other user can replace, or run this as uid ${foreign.uid}`,
    );
  }
  const place = shared.find(({ gid }) => owner.uid === 0 || gid !== owner.gid);
  if (place) {
    const who = place.gid === undefined ? 'every user' : `group ${place.gid}`;
    return refuse(
      `${who} can write to ${place.path} and replace what is in it`,
      `chmod go-w ${place.path}, or name another directory`,
    );
  }
  if (owner.uid !== 0) return { kind: 'become', owner };
  if (!open) return { kind: 'stay' };
  if (incomplete) {
    return refuse(
      `it does not exist, and other users can make it in ${directory}`,
      `create it first, or name another one`,
    );
  }
  return refuse(
    `it belongs to root, and other users can write to it`,
    `chmod go-w it, chown it to the user who is to work there, or name another directory`,
  );
}

function refuse(found: string, cure: string): Identity {
  return { kind: 'refuse', found, cure };
}
