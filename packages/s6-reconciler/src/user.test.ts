import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRoot, lacking, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { asUser, asUserAsync, userToDropTo } from './user.ts';

const root = { skipped: lacking('root, to become another user', isRoot()) };

function passwd(): string {
  const path = join(temporaryDirectory(), 'passwd');
  writeFileSync(path, 'root:x:0:0::/root:/bin/sh\nhermes:x:10000:10001::/opt/data:/bin/sh\nbroken\nhalf:x:1\n');
  return path;
}

describe.skipIf(root.skipped)('the user to drop to', () => {
  it.each([
    ['hermes', { uid: 10000, gid: 10001 }],
    ['7:8', { uid: 7, gid: 8 }],
  ])('is found for %s', (name, user) => {
    expect(userToDropTo(name, passwd())).toEqual(user);
  });

  it.each(['root', '0:0'])('is no other user for %s', (name) => {
    expect(userToDropTo(name, passwd())).toBeUndefined();
  });

  it.each(['nobody', '', 'half', 'broken', '7', '7:', '-1:0', 'hermes:x'])(
    'is an error for %j, which names it',
    (name) => {
      const refused = expect(() => userToDropTo(name, passwd()));
      refused.toThrow(expect.objectContaining({ kind: 'invalid_argument' }));
      refused.toThrow(`no user ${JSON.stringify(name)}`);
    },
  );
});

describe.skipIf(root.skipped)('a task done as another user', () => {
  const identity = () => [process.geteuid?.(), process.getegid?.(), process.getgroups?.()];
  const user = { uid: 10000, gid: 10001 };

  it('has that user and group alone, and afterwards everything is as before', () => {
    const before = identity();
    expect(asUser(user, identity)).toEqual([10000, 10001, [10001]]);
    expect(identity()).toEqual(before);
  });

  it('gives the rights back when it fails', async () => {
    const before = identity();
    const fail = () => {
      throw new Error('no');
    };
    expect(() => asUser(user, fail)).toThrow('no');
    await expect(asUserAsync(user, async () => fail())).rejects.toThrow('no');
    expect(identity()).toEqual(before);
  });

  it('is done as it is without one', () => {
    expect(asUser(undefined, identity)).toEqual(identity());
  });
});
