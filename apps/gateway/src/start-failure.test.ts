import { chmodSync, chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { readGatewayState } from '@hermes/drain-contract';
import { isRoot, lacking, runs } from '@hermes/test-kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Exit, failedStart, startGateway } from './testing/gateway-process.ts';
import { temporaryDirectory } from './testing/temporary-directory.ts';

const UID = '10000';
const AS_OTHER_USER = ['setpriv', '--reuid', UID, '--regid', UID, '--clear-groups'];

/** A start that was given up, as a supervisor and a person see it: exit code 78 and one line that says why. */
function givenUp(why: string): Exit {
  const line = new RegExp(`^hermes-gateway: ${why}.*\\n$`);
  return { code: 78, signal: null, stdout: '', stderr: expect.stringMatching(line) };
}

describe('a gateway that cannot start', () => {
  it('says that its home is missing', async () => {
    const home = join(temporaryDirectory(), 'nowhere');
    expect(await failedStart({ home })).toEqual(givenUp(`no home directory ${home}: create it, or point HERMES_HOME`));
  });

  it('says that its home is a file', async () => {
    const home = join(temporaryDirectory(), 'file');
    writeFileSync(home, '');
    expect(await failedStart({ home })).toEqual(givenUp(`no home directory ${home}`));
  });

  it('says which profile it does not know', async () => {
    const args = ['run', '-p', 'nobody'];
    expect(await failedStart({ home: temporaryDirectory(), args })).toEqual(givenUp('no profile "nobody"'));
  });

  it('says what is wrong in its configuration, and leaves no state behind', async () => {
    const home = temporaryDirectory();
    writeFileSync(join(home, 'config.yaml'), 'agent: {kind: none}\n');
    expect(await failedStart({ home })).toEqual(givenUp(`${home}/config.yaml: line 1: agent.kind: `));
    expect(readdirSync(home)).toEqual(['config.yaml']);
  });

  it('says that a directory stands in the place of its state file', async () => {
    const home = temporaryDirectory();
    mkdirSync(join(home, 'gateway_state.json'));
    expect(await failedStart({ home })).toEqual(givenUp('cannot write .*gateway_state.json: a directory stands'));
  });

  it('leaves alone the gateway that serves this home already', async () => {
    const first = await startGateway({ home: temporaryDirectory() });
    const before = first.state;
    const why = `another gateway \\(pid ${first.pid}, ${first.url}\\) serves ${first.home}: stop it first`;
    expect(await failedStart({ home: first.home })).toEqual(givenUp(why));
    expect({ ...first.state, updated_at: '' }).toEqual({ ...before, updated_at: '' });
    expect((await first.post({ session: 's', text: 'still there' })).status).toBe(200);
  });

  it('says that its port is taken, on stderr and in the state of its own home', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await new Promise((listening) => other.once('listening', listening));
    const address = other.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const home = temporaryDirectory();
    const why = `cannot listen on 127.0.0.1:${port}: another program listens there; .*API_SERVER_PORT`;
    expect(await failedStart({ home, environment: { API_SERVER_PORT: port } })).toEqual(givenUp(why));
    expect(readGatewayState({ home })).toMatchObject({
      gateway_state: 'startup_failed',
      endpoint: null,
      exit: { code: 78, signal: null, reason: expect.stringMatching(why), interrupted: 0 },
    });
  });

  it.each([
    [
      { API_SERVER_HOST: '203.0.113.1', API_SERVER_KEY: 's3cret' },
      'cannot listen on 203.0.113.1:0: this machine .* choose another with API_SERVER_HOST',
    ],
    [
      { API_SERVER_HOST: 'no-such-host.invalid', API_SERVER_KEY: 's3cret' },
      'cannot listen on no-such-host.invalid:0: this host name .* with API_SERVER_HOST',
    ],
    [{ API_SERVER_HOST: '0.0.0.0' }, 'API_SERVER_HOST is 0.0.0.0, which others can reach: set API_SERVER_KEY'],
  ])('says what is wrong with %j', async (environment, why) => {
    expect(await failedStart({ home: temporaryDirectory(), environment })).toEqual(givenUp(why));
  });
});

describe('a gateway that cannot write to its home', () => {
  it
    .skipIf(
      lacking(
        'root and setpriv, to run as another user',
        isRoot() && runs(AS_OTHER_USER[0] ?? '', ...AS_OTHER_USER.slice(1), process.execPath, '-v'),
      ),
    )
    .each([
      ['may not be written', 0o555],
      ['may not be read', 0o333],
    ])('says so in one line when it %s', async (_what, mode) => {
    const home = temporaryDirectory();
    chownSync(home, Number(UID), Number(UID));
    chmodSync(home, mode);
    const exit = await failedStart({ home, wrapper: AS_OTHER_USER });
    expect(exit).toEqual(givenUp('cannot use .*: permission denied; give this user read and write access'));
    expect(readdirSync(home)).toEqual([]);
  });

  it.skipIf(lacking('root and unshare, to mount a small disk', isRoot() && runs('unshare', '--mount', 'true')))(
    'says so in one line when its disk is full',
    async () => {
      const home = temporaryDirectory();
      // The mount ends with its namespace, whatever happens.
      const script =
        'mount -t tmpfs -o size=4k,mode=755 tmpfs "$HERMES_HOME" && head -c 4096 /dev/zero > "$HERMES_HOME/full" && exec "$@"';
      const exit = await failedStart({ home, wrapper: ['unshare', '--mount', 'sh', '-c', script, 'sh'] });
      expect(exit).toEqual(givenUp('cannot use the journal .*: the volume is full; free some space'));
    },
  );
});
