import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readGatewayState } from '@hermes/drain-contract';
import { STOP_SIGNALS } from '@hermes/service-kit';
import { isRoot, lacking, runs, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Exit, failedStart, GatewayProcess, logged, startGateway } from './testing/gateway-process.ts';

const UID = '10000';
const BOUND = { timeout: 120_000, interval: 20 };
const AS_OTHER_USER = ['setpriv', '--reuid', UID, '--regid', UID, '--clear-groups'];

/** A failed start, as a supervisor and an operator see it: an exit code and one line with the reason. */
function givenUp(why: string, code = 78): Exit {
  const line = new RegExp(`^hermes-gateway: ${why}.*\\n$`);
  return { code, signal: null, stdout: '', stderr: expect.stringMatching(line) };
}

/** A start that tries nothing twice. */
const AT_ONCE = { HERMES_START_TIMEOUT: '0' };

/** The gateway warns of a weak one. */
const STRONG_KEY = 'dVx2qGm0Zt7LrHc9fJw4Ks1Yn6Pb3Ea8UoTi5RgXeMQ';

/** A port that another program has until it is given back. */
async function takenPort(): Promise<{ port: string; giveBack: () => Promise<void> }> {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const giveBack = async () => void (await once(other.close(), 'close'));
  return { port: String((other.address() as AddressInfo).port), giveBack };
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

  it('reports an invalid journal, on stderr and in the state of its own home', async () => {
    const home = temporaryDirectory();
    writeFileSync(join(home, 'gateway.db'), 'no journal, and longer than any header\n'.repeat(99));
    const why = 'cannot use the journal .*: it is not a SQLite database; move it away';
    expect(await failedStart({ home })).toEqual(givenUp(why));
    expect(readGatewayState({ home })).toMatchObject({
      gateway_state: 'startup_failed',
      endpoint: null,
      exit: { code: 78, signal: null, reason: expect.stringMatching(why), interrupted: 0 },
    });
  });

  it('says that it may not listen there', async () => {
    const environment = { API_SERVER_HOST: '0.0.0.0' };
    const why = 'API_SERVER_HOST is 0.0.0.0, which other machines can reach: set API_SERVER_KEY';
    expect(await failedStart({ home: temporaryDirectory(), environment })).toEqual(givenUp(why));
  });
});

describe('a gateway that something keeps from starting', () => {
  it('waits while its port is in use, reports that once on stderr and all the time in its state, and then starts', async () => {
    const { port, giveBack } = await takenPort();
    const gateway = new GatewayProcess({ home: temporaryDirectory(), environment: { API_SERVER_PORT: port } });
    const why = `cannot listen on 127.0.0.1:${port}: another program listens there; `;
    const waiting = { gateway_state: 'starting', start_problem: expect.stringContaining(why), pid: gateway.pid };
    await expect.poll(() => gateway.state, BOUND).toMatchObject({ ...waiting, exit: null });
    const first = gateway.state?.updated_at;
    await expect.poll(() => gateway.state?.updated_at, BOUND).not.toBe(first);
    expect([gateway.state, gateway.notified]).toEqual([expect.objectContaining(waiting), '']);
    await giveBack();
    await gateway.ready();
    expect(gateway.state).toMatchObject({ gateway_state: 'running', start_problem: null, exit: null });
    expect((await gateway.post({ session: 's', text: 'hello' })).status).toBe(200);
    const about = ['cannot start yet; retrying', 'the start-up problem is resolved'];
    expect(logged(gateway.stderr).filter((line) => about.includes(line))).toEqual(about);
  });

  it('waits while another program holds its journal locked', async () => {
    const home = temporaryDirectory();
    const other = new DatabaseSync(join(home, 'gateway.db'));
    onTestFinished(() => other[Symbol.dispose]());
    other.exec('BEGIN EXCLUSIVE');
    const gateway = new GatewayProcess({ home });
    const why = 'cannot use the journal .*: another process has locked it';
    await expect
      .poll(() => gateway.state, BOUND)
      .toMatchObject({ gateway_state: 'starting', start_problem: expect.stringMatching(why) });
    other.exec('ROLLBACK');
    await gateway.ready();
    expect((await gateway.post({ session: 's', text: 'hello' })).status).toBe(200);
  });

  it('asks to be started again when it lasts too long, and its state brings it back at boot', async () => {
    const { port } = await takenPort();
    const home = temporaryDirectory();
    const why = `cannot listen on 127.0.0.1:${port}: another program listens there; .*API_SERVER_PORT`;
    const environment = { ...AT_ONCE, API_SERVER_PORT: port };
    expect(await failedStart({ home, environment })).toEqual(givenUp(why, 75));
    expect(readGatewayState({ home })).toMatchObject({
      gateway_state: 'starting',
      endpoint: null,
      start_problem: null,
      exit: { code: 75, signal: null, reason: expect.stringMatching(why), interrupted: 0 },
    });
  });

  it.each(STOP_SIGNALS)('ends at once by %s, and publishes that', async (signal) => {
    const { port } = await takenPort();
    const home = temporaryDirectory();
    const gateway = new GatewayProcess({ home, environment: { API_SERVER_PORT: port } });
    await expect.poll(() => gateway.state?.start_problem, BOUND).toContain('another program listens there');
    gateway.kill(signal);
    expect(await gateway.exited).toMatchObject({ code: null, signal, stdout: '' });
    expect(gateway.state).toMatchObject({ gateway_state: 'stopped', exit: { signal, code: null } });
  });

  it.each([
    ['203.0.113.1', 'cannot listen on 203.0.113.1:0: this machine .* choose another with API_SERVER_HOST'],
    // Where no resolver answers, the name may exist for all we know.
    ['no-such-host.invalid', 'cannot listen on no-such-host.invalid:0: this host name .* with API_SERVER_HOST'],
  ])('says what is wrong with the address %s', async (host, why) => {
    const environment = { ...AT_ONCE, API_SERVER_HOST: host, API_SERVER_KEY: STRONG_KEY };
    const exit = await failedStart({ home: temporaryDirectory(), environment });
    expect(exit).toEqual(givenUp(why, exit.stderr.includes('ENOTFOUND') ? 78 : 75));
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
    ])('reports in one line that it %s', async (_what, mode) => {
    const home = temporaryDirectory();
    chownSync(home, Number(UID), Number(UID));
    chmodSync(home, mode);
    const exit = await failedStart({ home, wrapper: AS_OTHER_USER });
    expect(exit).toEqual(givenUp('cannot use .*: permission denied; give this user read and write access'));
    expect(readdirSync(home)).toEqual([]);
  });

  it.skipIf(lacking('root and unshare, to mount a small disk', isRoot() && runs('unshare', '--mount', 'true')))(
    'waits while its disk is full, or asks to be started again',
    async () => {
      const home = temporaryDirectory();
      // The mount ends with its namespace, whatever happens.
      const script =
        'mount -t tmpfs -o size=4m,mode=755 tmpfs "$HERMES_HOME" && head -c 4m /dev/zero > "$HERMES_HOME/full" && exec "$@"';
      const wrapper = ['unshare', '--mount', 'sh', '-c', script, 'sh'];
      const exit = await failedStart({ home, wrapper, environment: AT_ONCE });
      expect(exit).toEqual(givenUp(`cannot write ${home}/gateway.pid: the volume is full; free some space`, 75));
      const patient = new GatewayProcess({ home, wrapper });
      await expect.poll(() => patient.stderr, BOUND).toContain('cannot start yet');
      // As the process sees its disk.
      rmSync(`/proc/${patient.pid}/root${home}/full`);
      await patient.ready();
      expect((await patient.post({ session: 's', text: 'hello' })).status).toBe(200);
    },
  );
});
