import { expect, it } from 'vitest';
import { signed } from '../unit/signed.ts';
import { planInstall, planRemoval } from './plan.ts';

const WANTED = signed('[Unit]\nnew\n', '#');
const OLDER = signed('[Unit]\nold\n', '#');
const CHANGED = `${OLDER}TimeoutStopSec=1\n`;

it.each([
  ['a missing file is created', undefined, 'create'],
  ['the same file is kept', WANTED, 'keep'],
  ['one of an earlier installation is updated', OLDER, 'update'],
])('%s', (_what, found, action) => {
  expect(planInstall([{ path: '/u', wanted: WANTED, found }], false)).toEqual({
    files: [{ path: '/u', text: WANTED, action }],
  });
});

it.each([
  ['changed', CHANGED],
  ['written by hand', '[Unit]\n'],
  ['empty', ''],
])('a file that is %s is refused, and replaced with force', (_what, found) => {
  const files = [{ path: '/u', wanted: WANTED, found }];
  expect(planInstall(files, false)).toEqual({ changedByHand: ['/u'] });
  expect(planRemoval(files, false)).toEqual({ changedByHand: ['/u'] });
  expect(planInstall(files, true)).toMatchObject({ files: [{ action: 'overwrite' }] });
  expect(planRemoval(files, true)).toMatchObject({ files: [{ action: 'remove' }] });
});

it('a removal removes what an earlier installation wrote, and names what is not there', () => {
  const files = [
    { path: '/u', wanted: WANTED, found: OLDER },
    { path: '/v', wanted: WANTED, found: undefined },
  ];
  expect(planRemoval(files, false)).toMatchObject({ files: [{ action: 'remove' }, { action: 'absent' }] });
});
