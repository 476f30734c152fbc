import { describe, expect, it } from 'vitest';
import { decideIdentity, type PathControl } from './decide.ts';

const roots: PathControl = {
  directory: '/srv/h',
  owner: { uid: 0, gid: 0 },
  incomplete: false,
  open: false,
  held: [],
  shared: [],
};
const users: PathControl = { ...roots, owner: { uid: 7, gid: 8 }, held: [{ path: '/srv/h', uid: 7 }] };

describe('root in a directory', () => {
  it('stays root where only root can change what the path leads to', () => {
    expect(decideIdentity(roots)).toEqual({ kind: 'stay' });
  });

  it.each([
    ['that user owns', users],
    ['that user owns and lets everybody write to', { ...users, open: true }],
    ['whose parents are that user’s, too', { ...users, held: [{ path: '/srv', uid: 7 }, ...users.held] }],
    ['below one of that user’s group', { ...users, shared: [{ path: '/srv', gid: 8 }] }],
  ])('becomes the only user who can, in a directory %s', (_what, control) => {
    expect(decideIdentity(control)).toEqual({ kind: 'become', owner: { uid: 7, gid: 8 } });
  });

  it.each([
    ['of root, below one of a user', { ...roots, held: [{ path: '/srv', uid: 7 }] }, 'uid 7 owns /srv'],
    ['of root, open to others', { ...roots, open: true }, 'other users can write to it'],
    ['of root, open to others, for what is not there', { ...roots, open: true, incomplete: true }, 'it does not exist'],
    [
      'of root, below one open to all',
      { ...roots, shared: [{ path: '/srv', gid: undefined }] },
      'every user can write',
    ],
    ['of root, below one open to a group', { ...roots, shared: [{ path: '/srv', gid: 8 }] }, 'group 8 can write'],
    [
      'of a user, below one of another',
      { ...users, held: [{ path: '/srv', uid: 9 }, ...users.held] },
      'uid 9 owns /srv',
    ],
    ['of a user, below one open to all', { ...users, shared: [{ path: '/srv', gid: undefined }] }, 'every user can'],
    ['of a user, below one of another group', { ...users, shared: [{ path: '/srv', gid: 9 }] }, 'group 9 can write'],
  ])('refuses a directory %s', (_what, control, found) => {
    expect(decideIdentity(control)).toEqual({
      kind: 'refuse',
      found: expect.stringContaining(found),
      cure: expect.any(String),
    });
  });
});
