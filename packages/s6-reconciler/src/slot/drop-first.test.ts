import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRoot, lacking, runs, temporaryDirectory } from '@hermes/test-kit';
import { expect, it } from 'vitest';
import { slotFiles } from './definition.ts';

const UID = 64_001;

it.skipIf(lacking('root and s6-setuidgid, to drop root', isRoot() && runs('s6-setuidgid', `${UID}:${UID}`, 'true')))(
  'the run script of root’s tree enters no directory through a profile’s link that its user could not enter',
  () => {
    const place = temporaryDirectory();
    chmodSync(place, 0o755);
    const inner = join(place, 'roots/inner');
    mkdirSync(inner, { recursive: true });
    chmodSync(join(place, 'roots'), 0o700);
    const home = join(place, 'home');
    mkdirSync(home);
    chownSync(home, UID, UID);
    symlinkSync(inner, join(home, 'linked'));
    const gateway = join(place, 'gateway');
    writeFileSync(gateway, '#!/bin/sh\nid -u\npwd -P\n', { mode: 0o755 });
    const definition = { profile: 'a', rootHome: home, command: gateway, user: `${UID}:${UID}`, stopSeconds: 1 };
    const text = slotFiles({ ...definition, profileHome: join(home, 'linked') }).get('run')?.text ?? '';
    writeFileSync(join(place, 'run'), text, { mode: 0o755 });
    const { status, stdout } = spawnSync('./run', { cwd: place, encoding: 'utf8', timeout: 120_000 });
    expect({ status, lines: stdout.trim().split('\n').slice(-2) }).toEqual({ status: 0, lines: [String(UID), '/'] });
  },
);
