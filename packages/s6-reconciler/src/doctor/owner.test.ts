import { statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { expect, it } from 'vitest';
import { unprivilegedAccount } from '../user.ts';
import { checkOwner, giveAway } from './owner.ts';

const noRoot = process.geteuid?.() !== 0;

it('is this user, who is better not root', () => {
  const home = temporaryDirectory();
  const { uid } = statSync(home);
  expect(checkOwner(home)).toMatchObject(uid === 0 ? { ok: null, warning: true } : { ok: true });
});

it('is the user of the gateways, not that of the doctor', () => {
  const home = temporaryDirectory();
  writeFileSync(join(home, 'gateway_state.json'), '{}');
  const found = expect.stringContaining('gateway_state.json: expected to belong to user 12345');
  const cure = expect.stringContaining('sudo chown -R 12345');
  expect(checkOwner(home, { user: 12_345 })).toMatchObject({ ok: null, warning: true, found, cure });
});

it('is unknown where the system does not let it be known', () => {
  const loop = join(temporaryDirectory(), 'loop');
  symlinkSync(loop, loop);
  expect(checkOwner(loop)).toMatchObject({ ok: null, found: expect.stringContaining(loop) });
});

it.skipIf(noRoot)('that is root is to be replaced by an account of this machine, or by one that is to be made', () => {
  const home = temporaryDirectory();
  const passwd = join(home, 'passwd');
  writeFileSync(passwd, 'root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/:/bin/sh\nanna:x:1000:1000::/home/anna:/bin/sh\n');
  const account = unprivilegedAccount([undefined, 'toor', 'hermes', 'anna'], passwd);
  const remedy = giveAway(home, account);
  expect(checkOwner(home, { user: 0, remedy }).cure).toBe(`stop the gateway; chown -R anna ${home}`);
  expect(giveAway('/h', account, (name) => `start it as ${name}`)).toMatch(/; chown -R anna \/h; start it as anna$/);
  expect(unprivilegedAccount(['hermes', 'toor', 'root'], passwd)).toBeUndefined();
  expect(unprivilegedAccount(['anna'], join(home, 'no-passwd'))).toBeUndefined();
  expect(checkOwner(home, { user: 0 }).cure).toMatch(/^make an unprivileged account, stop the gateway/);
  expect(checkOwner(home, { user: 0 }).cure).not.toContain('chown');
});
