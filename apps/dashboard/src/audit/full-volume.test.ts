import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditPath } from '@hermes/drain-audit';
import { readDrainVerdict } from '@hermes/drain-contract';
import { lacking } from '@hermes/test-kit';
import { expect, onTestFinished, test } from 'vitest';
import { testDashboard } from '../testing/dashboard.ts';
import { temporaryHome } from '../testing/home.ts';

const DRAIN = '/api/gateway/drain';

/** A home on a volume of its own, so small that it can be filled; `undefined` where none can be mounted. */
function smallVolume(): string | undefined {
  const home = temporaryHome();
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', home]);
  if (status !== 0) return undefined;
  onTestFinished(() => void spawnSync('umount', ['--lazy', home]));
  return home;
}

const canMount = spawnSync('unshare', ['--mount', 'true']).status === 0;

test.skipIf(lacking('root, to mount a volume', canMount))(
  'on a full volume every cancel succeeds, and the audit continues intact when there is room again',
  async () => {
    const home = smallVolume();
    if (home === undefined) throw new Error('a volume of its own could not be mounted');
    const { ask } = await testDashboard({ home });
    expect((await ask({ method: 'POST', url: DRAIN })).statusCode).toBe(200);
    const filling = `${auditPath(home)}.filling`;
    fill(filling);
    expect((await ask({ method: 'DELETE', url: DRAIN })).json()).toMatchObject({ was_draining: true });
    const lostOf = async () =>
      /audit_lost_total\{action="cancel"\} (\d+)/.exec((await ask({ url: '/metrics' })).body)?.[1];
    for (let count = 0; count < 60; count += 1) {
      expect((await ask({ method: 'DELETE', url: DRAIN })).statusCode).toBe(200);
    }
    await expect.poll(lostOf).toMatch(/^[1-9]/);
    rmSync(filling);
    await ask({ method: 'DELETE', url: DRAIN });
    const entries = 62 - Number(await lostOf()) + 1;
    expect((await ask({ url: '/api/audit/verify' })).json()).toMatchObject({ ok: true, entries });
  },
);

test.skipIf(lacking('root, to mount a volume', canMount))(
  'on a full volume a drain begins in the room that was kept for it, and the next one when there is room again',
  async () => {
    const home = smallVolume();
    if (home === undefined) throw new Error('a volume of its own could not be mounted');
    const { ask } = await testDashboard({ home });
    expect((await ask({ url: '/readyz' })).statusCode).toBe(200);
    await expect.poll(() => readdirSync(home)).toContain('.drain_request.json.reserve');
    const filling = join(home, 'filling');
    fill(filling);
    expect((await ask({ method: 'POST', url: DRAIN, payload: { reason: 'make room' } })).statusCode).toBe(200);
    expect(readDrainVerdict({ home })).toMatchObject({ active: true, request: { reason: 'make room' } });
    expect((await ask({ method: 'POST', url: DRAIN })).json()).toMatchObject({ code: 'no-space', status: 507 });
    expect(readDrainVerdict({ home })).toMatchObject({ active: true, request: { reason: 'make room' } });
    rmSync(filling);
    expect((await ask({ method: 'POST', url: DRAIN })).statusCode).toBe(200);
    expect(readdirSync(home)).toContain('.drain_request.json.reserve');
  },
);

function fill(path: string): void {
  for (const size of [4_096, 1]) {
    try {
      for (;;) writeFileSync(path, 'x'.repeat(size), { flag: 'a' });
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' });
    }
  }
}
