import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isRoot, lacking, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { failedStart, startGateway } from './testing/gateway-process.ts';

const UID = 64_001;

/** A home whose gateway runs a program that prints its user. */
function homeOf(uid: number, path = join(place(), 'home')): string {
  mkdirSync(path, { recursive: true });
  writeFileSync(
    join(path, 'config.yaml'),
    'agent:\n  kind: command\n  command: [sh, -c, "id -u; id -G; pwd; echo $HOME"]\n',
  );
  writeFileSync(join(path, 'SOUL.md'), '');
  for (const entry of ['', 'config.yaml', 'SOUL.md']) chownSync(join(path, entry), uid, uid);
  return path;
}

function place(): string {
  const directory = temporaryDirectory();
  chmodSync(directory, 0o755);
  return directory;
}

describe.skipIf(lacking('root, to start a gateway as root', isRoot()))('a gateway that root starts', () => {
  it('in the home of a user runs as that user, with that group alone, and makes its files as that user', async () => {
    const home = homeOf(UID);
    const gateway = await startGateway({ home });
    const { reply } = (await (await gateway.post({ session: 's', text: 'who' })).json()) as { reply: string };
    expect(reply.trim().split('\n')).toEqual([String(UID), String(UID), home, home]);
    const owners = readdirSync(home).map((name) => statSync(join(home, name)).uid);
    expect(new Set(owners)).toEqual(new Set([UID]));
    expect(/^Uid:\s+(.*)$/m.exec(readFileSync(`/proc/${gateway.pid}/status`, 'utf8'))?.[1]?.split('\t')).toEqual(
      Array(4).fill(String(UID)),
    );
  });

  it('for a profile of a user in root’s own home runs as that user', async () => {
    const home = place();
    homeOf(UID, join(home, 'profiles/x'));
    const gateway = await startGateway({ home, args: ['run', '-p', 'x'] });
    const { reply } = (await (await gateway.post({ session: 's', text: 'who' })).json()) as { reply: string };
    expect(reply.split('\n')[0]).toBe(String(UID));
  });

  it('in its own home stays root', async () => {
    const gateway = await startGateway({ home: homeOf(0) });
    const { reply } = (await (await gateway.post({ session: 's', text: 'who' })).json()) as { reply: string };
    expect(reply.split('\n')[0]).toBe('0');
  });

  it('in a home that a user can replace does not start, says why, and leaves nothing behind', async () => {
    const theirs = homeOf(UID);
    const home = homeOf(0, join(place(), 'roots'));
    const before = readdirSync(home);
    symlinkSync(home, join(theirs, 'link'));
    const { code, stderr } = await failedStart({ home: join(theirs, 'link') });
    expect({ code, stderr }).toEqual({
      code: 78,
      stderr: expect.stringMatching(
        new RegExp(
          `^hermes-gateway: root does not work in .*/link: uid ${UID} owns .* can replace .*; .*run this as uid ${UID}\\n$`,
        ),
      ),
    });
    expect(readdirSync(home)).toEqual(before);
  });
});
