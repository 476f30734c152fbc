import { chmodSync, chownSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isRoot, lacking } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { runProgram, startCli } from './testing/cli.ts';
import { temporaryHome } from './testing/home.ts';

const UID = 64_001;
const SERVE = ['serve', '--port', '0'];

describe.skipIf(lacking('root, to start a dashboard as root', isRoot()))('a dashboard that root starts', () => {
  it('in the home of a user makes its token and audit as that user, and nothing through a link of that user', async () => {
    const [home, roots] = [temporaryHome(), temporaryHome()];
    chownSync(home, UID, UID);
    symlinkSync(roots, join(home, 'logs'));
    const cli = startCli({ args: SERVE, env: { HERMES_HOME: home } });
    const url = /^dashboard: (\S+?)\/#token=(\S+)/.exec(await cli.firstLine());
    const headers = { authorization: `Bearer ${url?.[2]}` };
    await fetch(`${url?.[1]}/api/gateway/drain`, { method: 'POST', headers });
    const owners = readdirSync(home)
      .filter((name) => name !== 'logs')
      .map((name) => statSync(join(home, name)).uid);
    expect(new Set(owners)).toEqual(new Set([UID]));
    expect(readdirSync(home)).toEqual(expect.arrayContaining(['.dashboard_token', '.drain_request.json']));
    expect(readdirSync(roots)).toEqual([]);
  });

  it('in a home of root’s that others can write to does not start, and says why', async () => {
    const home = temporaryHome();
    chmodSync(home, 0o777);
    expect(await runProgram({ args: SERVE, env: { HERMES_HOME: home } })).toMatchObject({
      code: 78,
      stdout: '',
      stderr: expect.stringMatching(
        /^hermes-dashboard: root does not work in .*other users can write to it; chmod go-w/,
      ),
    });
    expect(readdirSync(home)).toEqual([]);
  });
});
