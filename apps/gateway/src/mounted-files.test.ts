import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readGatewayState } from '@hermes/drain-contract';
import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it, onTestFinished } from 'vitest';
import { failedStart, type GatewayProcess, startGateway } from './testing/gateway-process.ts';
import { bodyOf } from './testing/http-gateway.ts';
import { cannotMount, mountOver, smallVolume } from './testing/volumes.ts';

const MESSAGE = { session: 's', text: 'hello' };

async function readiness(gateway: GatewayProcess): Promise<Record<string, unknown>> {
  return bodyOf(await fetch(`${gateway.url}/readyz?verbose`));
}

/** A home with an empty file of that name, which something is mounted over. */
function homeWith(name: string): string {
  const home = temporaryDirectory();
  writeFileSync(join(home, name), '');
  mountOver(join(home, name));
  return home;
}

describe.skipIf(cannotMount())('a home on a read-only volume', () => {
  it('keeps the gateway from starting, and the message says what to do', async () => {
    const home = smallVolume(4);
    execFileSync('mount', ['-o', 'remount,ro', home]);
    expect(await failedStart({ home })).toMatchObject({
      code: 78,
      stderr: `hermes-gateway: cannot use ${home}: the volume is read-only; remount it for writing (EROFS)\n`,
    });
  });

  it('stops new messages of a gateway that runs, with the reason, until it can be written again', async () => {
    const gateway = await startGateway({ home: smallVolume(8) });
    // Busy while files are open for writing, so a mount of its own is made read-only, not the file system.
    execFileSync('mount', ['--bind', gateway.home, gateway.home]);
    onTestFinished(() => void spawnSync('umount', ['--lazy', gateway.home]));
    execFileSync('mount', ['-o', 'remount,bind,ro', gateway.home]);
    const problem = expect.stringMatching('cannot be published: .*the volume is read-only; remount it for writing');
    await eventually(async () => {
      await gateway.post(MESSAGE);
      expect(await readiness(gateway)).toMatchObject({ storage_problem: problem });
    });
    expect((await gateway.post(MESSAGE)).status).toBe(503);
    execFileSync('mount', ['-o', 'remount,bind,rw', gateway.home]);
    await eventually(async () => expect(await readiness(gateway)).not.toHaveProperty('storage_problem'));
  });
});

describe.skipIf(cannotMount())('a single file of the home that something is mounted over', () => {
  it('keeps the gateway from starting if it is its state, which says at once what to mount instead', async () => {
    const home = homeWith('gateway_state.json');
    expect(await failedStart({ home })).toEqual({
      code: 78,
      signal: null,
      stdout: '',
      stderr: `hermes-gateway: cannot write ${home}/gateway_state.json: expected a file that can be replaced, found a mount point (EBUSY); mount the directory that the file is in, not the file\n`,
    });
    expect(readdirSync(home).sort()).toEqual(['.gateway.lock', 'gateway.lock', 'gateway_state.json']);
  });

  it.each(['gateway.db', 'gateway.db-wal', 'gateway.db-shm', 'gateway.db-journal'])(
    'keeps it from starting if it is %s, which its state says, too',
    async (name) => {
      const home = homeWith(name);
      const reason = `cannot use the journal ${home}/gateway.db: expected it and its log in one directory, found a mount point at ${home}/${name}; mount the directory ${home}, not the file`;
      expect(await failedStart({ home })).toMatchObject({ code: 78, stderr: `hermes-gateway: ${reason}\n` });
      expect(readGatewayState({ home })).toMatchObject({
        gateway_state: 'startup_failed',
        exit: { code: 78, reason },
      });
    },
  );

  it.each(['config.yaml', 'SOUL.md', 'desired_state.json', '.gateway.lock'])(
    'is all right if it is %s, which the gateway does not replace',
    async (name) => {
      const gateway = await startGateway({ home: homeWith(name) });
      expect((await gateway.post(MESSAGE)).status).toBe(200);
    },
  );

  it('stops new messages if it is the state of a gateway that runs, with the reason, until it is undone', async () => {
    const gateway = await startGateway({ home: temporaryDirectory() });
    const path = join(gateway.home, 'gateway_state.json');
    const unmount = mountOver(path);
    // Something to publish.
    expect((await gateway.post(MESSAGE)).status).toBe(200);
    const problem = expect.stringMatching(
      `cannot be published: cannot write ${path}: .*found a mount point.*; mount the`,
    );
    await eventually(async () => expect(await readiness(gateway)).toMatchObject({ storage_problem: problem }));
    const refused = await gateway.post(MESSAGE);
    expect([refused.status, await bodyOf(refused)]).toMatchObject([503, { code: 'storage-unavailable' }]);
    unmount();
    await eventually(async () => expect(await readiness(gateway)).not.toHaveProperty('storage_problem'));
    expect((await gateway.post(MESSAGE)).status).toBe(200);
  });
});
