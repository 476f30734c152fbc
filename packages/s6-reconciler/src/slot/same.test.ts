import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isRoot, lacking, temporaryDirectory } from '@hermes/test-kit';
import { expect, it } from 'vitest';
import { buildSlot, makeFifos } from './build.ts';
import { slotFiles } from './definition.ts';
import { isBuiltAs } from './same.ts';

const DEFINITION = {
  profile: 'a',
  rootHome: '/home',
  profileHome: '/home/profiles/a',
  command: 'hermes-gateway',
  user: undefined,
  stopSeconds: 30,
};
const files = slotFiles(DEFINITION);
const USER = { uid: 10000, gid: 10001 };

function built(up: boolean, user?: typeof USER): string {
  const slot = join(temporaryDirectory(), 'slot');
  buildSlot(slot, files, up, user);
  makeFifos([slot], user);
  return slot;
}

/** Puts a copy elsewhere and a link to it in its place. */
function linkInstead(path: string): void {
  renameSync(path, `${path}.elsewhere`);
  renameSync(`${path}.elsewhere`, join(temporaryDirectory(), 'elsewhere'));
  symlinkSync(join(temporaryDirectory(), 'elsewhere'), path);
}

it.each([true, false])('a slot is what it was built as, up: %s', (up) => {
  const slot = built(up);
  expect(isBuiltAs(slot, files, up)).toBe(true);
  expect(isBuiltAs(slot, files, !up)).toBe(false);
  expect(isBuiltAs(slot, slotFiles({ ...DEFINITION, stopSeconds: 31 }), up)).toBe(false);
  expect(isBuiltAs(slot, slotFiles({ ...DEFINITION, profile: 'b' }), up)).toBe(false);
});

it.each<[what: string, change: (slot: string) => void]>([
  ['a file is longer', (slot) => appendFileSync(join(slot, 'run'), '#')],
  ['a file is shorter', (slot) => truncateSync(join(slot, 'log/run'), 3)],
  ['a file says something else', (slot) => writeFileSync(join(slot, 'type'), 'oneshot\n')],
  ['a file is missing', (slot) => rmSync(join(slot, 'finish'))],
  ['a file has another mode', (slot) => chmodSync(join(slot, 'run'), 0o775)],
  ['there is one file more', (slot) => writeFileSync(join(slot, 'env'), '')],
  ['a supervisor has been there', (slot) => writeFileSync(join(slot, 'supervise/lock'), '')],
  ['a supervisor of its logger has been there', (slot) => writeFileSync(join(slot, 'log/supervise/lock'), '')],
  ['its logger has one file more', (slot) => writeFileSync(join(slot, 'log/down'), '')],
  ['a directory has another mode', (slot) => chmodSync(join(slot, 'event'), 0o3731)],
  ['the slot has another mode', (slot) => chmodSync(slot, 0o775)],
  ['a FIFO has another mode', (slot) => chmodSync(join(slot, 'supervise/control'), 0o666)],
  ['a FIFO is missing', (slot) => rmSync(join(slot, 'log/supervise/control'))],
  [
    'a file is where a FIFO was',
    (slot) => {
      rmSync(join(slot, 'supervise/control'));
      writeFileSync(join(slot, 'supervise/control'), '', { mode: 0o660 });
    },
  ],
  [
    'a FIFO is where a file was',
    (slot) => {
      rmSync(join(slot, 'run'));
      spawnSync('mkfifo', ['-m', '755', join(slot, 'run')]);
    },
  ],
  ['a link is where a file was', (slot) => linkInstead(join(slot, 'run'))],
  ['a link is where a directory was', (slot) => linkInstead(join(slot, 'supervise/event'))],
  ['a link is where the logger was', (slot) => linkInstead(join(slot, 'log'))],
  [
    'there is a directory instead of a file',
    (slot) => {
      rmSync(join(slot, 'run'));
      mkdirSync(join(slot, 'run'), 0o755);
    },
  ],
  ['there is nothing', (slot) => rmSync(slot, { recursive: true })],
])('a slot is not what it was built as when %s', (_what, change) => {
  const slot = built(true);
  change(slot);
  expect(isBuiltAs(slot, files, true)).toBe(false);
});

it.skipIf(lacking('root, to give files away', isRoot()))('its owners count', () => {
  const slot = built(true, USER);
  expect(isBuiltAs(slot, files, true, USER)).toBe(true);
  expect(isBuiltAs(slot, files, true)).toBe(false);
  for (const part of ['run', 'supervise', 'log/supervise/control', 'log', '']) {
    const other = built(true, USER);
    chownSync(join(other, part), 10002, 10001);
    expect(isBuiltAs(other, files, true, USER)).toBe(false);
  }
});
