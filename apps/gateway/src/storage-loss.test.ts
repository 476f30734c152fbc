import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { clearDrainRequest, JOURNAL_FILENAME, writeDrainRequest } from '@hermes/drain-contract';
import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it } from 'vitest';
import { type GatewayProcess, startGateway } from './testing/gateway-process.ts';
import { bodyOf } from './testing/http-gateway.ts';
import { cannotMount, smallVolume } from './testing/volumes.ts';

/** What is done to the home of a running gateway. */
interface Loss {
  /** What the log and the probe must name. */
  readonly names: string;
  happen(home: string): void;
  /** What a person does before the next start, if anything. */
  repair?(home: string): void;
  /** Whether what was stored before is there after the restart. */
  readonly kept: boolean;
}

const database = (home: string) => join(home, JOURNAL_FILENAME);
const remove = (...files: string[]) => {
  for (const file of files) rmSync(file, { recursive: true, force: true, maxRetries: 10 });
};
const moved = (home: string) => `${home}.moved`;

const LOSSES: Record<string, Loss> = {
  'its home is moved': {
    names: 'the home',
    happen: (home) => renameSync(home, moved(home)),
    repair: (home) => renameSync(moved(home), home),
    kept: true,
  },
  'its home is deleted': {
    names: 'the home',
    happen: (home) => remove(home),
    repair: configure,
    kept: false,
  },
  'its journal is deleted': {
    names: JOURNAL_FILENAME,
    happen: (home) => remove(database(home), `${database(home)}-wal`, `${database(home)}-shm`),
    kept: false,
  },
  'the log of its journal is deleted': {
    names: `${JOURNAL_FILENAME}-wal`,
    happen: (home) => remove(`${database(home)}-wal`, `${database(home)}-shm`),
    kept: true,
  },
  'its journal is replaced': {
    names: JOURNAL_FILENAME,
    happen: (home) => {
      copyFileSync(database(home), `${database(home)}.new`);
      renameSync(`${database(home)}.new`, database(home));
    },
    kept: false,
  },
  'its journal is truncated': {
    names: JOURNAL_FILENAME,
    happen: (home) => truncateSync(database(home)),
    kept: true,
  },
};

function configure(home: string): void {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'config.yaml'), 'restart_drain_timeout: 2\n');
}

/** A home that a test may move. */
async function movableHome(): Promise<string> {
  const home = join(temporaryDirectory(), 'home');
  configure(home);
  return home;
}

async function say(gateway: GatewayProcess, id: string): Promise<Record<string, unknown> & { http: number }> {
  const answer = await gateway.post({ session: `session of ${id}`, text: id, message_id: id });
  return { ...(await bodyOf(answer)), http: answer.status };
}

async function readiness(gateway: GatewayProcess): Promise<Record<string, unknown> & { http: number }> {
  const answer = await fetch(`${gateway.url}/readyz?verbose`);
  return { ...(await bodyOf(answer)), http: answer.status };
}

/** The lines of the log about the storage. */
function storageLines(gateway: GatewayProcess): string[] {
  return gateway.stderr.split('\n').filter((line) => /the storage (works|does not work)/.test(line));
}

async function sayAll(gateway: GatewayProcess, ...ids: string[]) {
  const answers = [];
  for (const id of ids) answers.push(await say(gateway, id));
  return answers;
}

describe.each(Object.entries(LOSSES))('when %s, a gateway', (_what, { names, happen, repair, kept }) => {
  it('acknowledges nothing more, says what is wrong, ends when asked, and the next one runs what was refused', async () => {
    const home = await movableHome();
    const gateway = await startGateway({ home });
    const before = await sayAll(gateway, 'a', 'b');
    expect(before.map(({ http }) => http)).toEqual([200, 200]);
    happen(home);

    const refused = await sayAll(gateway, 'c', 'd', 'e');
    expect(refused.map(({ http, code }) => [http, code])).toEqual(Array(3).fill([503, 'storage-unavailable']));
    expect(await readiness(gateway)).toMatchObject({
      http: 503,
      status: 'storage-unavailable',
      storage_problem: expect.stringContaining(join(home, names === 'the home' ? '' : names).replace(/\/$/, '')),
    });
    gateway.kill('SIGTERM');
    expect(await gateway.exited).toMatchObject({ code: null, signal: 'SIGTERM' });
    // Which problem was found first is chance. All that was logged has been read by now.
    expect(storageLines(gateway)).toHaveLength(1);

    repair?.(home);
    const next = await startGateway({ home });
    const again = await sayAll(next, 'a', 'b', 'c', 'd', 'e');
    expect(again.map(({ http, reply }) => [http, reply])).toEqual(['a', 'b', 'c', 'd', 'e'].map((id) => [200, id]));
    if (kept) expect(again.slice(0, 2).map((answer) => answer.turn_id)).toEqual(before.map(({ turn_id: id }) => id));
    const refusedOnes = next.stderr.includes('interrupted');
    expect(refusedOnes).toBe(false);
  });
});

/** Deleting a home deletes the marker in it before the home, which is a cancel. */
const IN_ONE_STEP = Object.entries(LOSSES).filter(([what]) => what !== 'its home is deleted');

describe.each(IN_ONE_STEP)('when %s, a gateway that drains', (_what, { happen }) => {
  it('stays in its drain', async () => {
    const home = await movableHome();
    const gateway = await startGateway({ home });
    await writeDrainRequest({ home });
    await eventually(() => expect(gateway.state?.gateway_state).toBe('draining'));
    happen(home);
    await eventually(async () => expect(await readiness(gateway)).toHaveProperty('storage_problem'));
    expect((await say(gateway, 'a')).http).toBe(503);
    // The poll of the marker has had its turn by then: it looks as often as the poll of the storage.
    expect(await readiness(gateway)).toMatchObject({ http: 503, status: 'draining', gateway_state: 'draining' });
    gateway.kill('SIGTERM');
    expect(await gateway.exited).toMatchObject({ signal: 'SIGTERM' });
  });
});

describe('a gateway whose home was moved and is there again', () => {
  it('recovers by itself, in the current drain', async () => {
    const home = await movableHome();
    const gateway = await startGateway({ home });
    await say(gateway, 'a');
    await writeDrainRequest({ home });
    await eventually(() => expect(gateway.state?.gateway_state).toBe('draining'));
    renameSync(home, moved(home));
    expect(await say(gateway, 'b')).toMatchObject({ http: 503, code: 'draining' });
    expect(await readiness(gateway)).toHaveProperty('storage_problem');
    renameSync(moved(home), home);
    await eventually(async () => expect(await readiness(gateway)).not.toHaveProperty('storage_problem'));
    expect(await say(gateway, 'b')).toMatchObject({ http: 503, code: 'draining' });
    await clearDrainRequest({ home });
    await eventually(async () => expect(await say(gateway, 'b')).toMatchObject({ http: 200, reply: 'b' }));
    expect(storageLines(gateway)).toEqual([
      expect.stringContaining('the storage does not work'),
      expect.stringContaining('the storage works again'),
    ]);
  });

  it('ends its drain when the marker was removed meanwhile', async () => {
    const home = await movableHome();
    const gateway = await startGateway({ home });
    await writeDrainRequest({ home });
    await eventually(() => expect(gateway.state?.gateway_state).toBe('draining'));
    renameSync(home, moved(home));
    await eventually(async () => expect(await readiness(gateway)).toHaveProperty('storage_problem'));
    await clearDrainRequest({ home: moved(home) });
    renameSync(moved(home), home);
    await eventually(() => expect(gateway.state?.gateway_state).toBe('running'));
    expect(await say(gateway, 'a')).toMatchObject({ http: 200 });
  });

  it('writes nothing into a directory that takes the place of its home', async () => {
    const home = await movableHome();
    const gateway = await startGateway({ home });
    renameSync(home, moved(home));
    configure(home);
    await eventually(async () =>
      expect((await readiness(gateway)).storage_problem).toContain('is not the home that this gateway'),
    );
    gateway.kill('SIGTERM');
    await gateway.exited;
    expect(statSync(join(home, 'gateway_state.json'), { throwIfNoEntry: false })).toBeUndefined();
  });
});

it.skipIf(cannotMount())('a gateway whose volume is unmounted acknowledges nothing more (needs root)', async () => {
  const home = smallVolume(8);
  configure(home);
  const gateway = await startGateway({ home });
  expect((await say(gateway, 'a')).http).toBe(200);
  await writeDrainRequest({ home });
  await eventually(() => expect(gateway.state?.gateway_state).toBe('draining'));
  execFileSync('umount', ['--lazy', home]);
  const refused = await sayAll(gateway, 'b', 'c', 'd');
  expect(refused.map(({ http }) => http)).toEqual([503, 503, 503]);
  await eventually(async () =>
    expect((await readiness(gateway)).storage_problem).toContain('is not the home that this gateway'),
  );
  expect(await readiness(gateway)).toMatchObject({ http: 503, gateway_state: 'draining' });
  gateway.kill('SIGTERM');
  expect(await gateway.exited).toMatchObject({ signal: 'SIGTERM' });
  expect(readdirSync(home)).toEqual([]);
});

it('what is acknowledged outlives the log of the journal even when the gateway is killed', async () => {
  const home = await movableHome();
  const gateway = await startGateway({ home });
  const [first] = await sayAll(gateway, 'a', 'b');
  const before = statSync(database(home)).size;
  remove(`${database(home)}-wal`, `${database(home)}-shm`);
  await eventually(() => expect(statSync(database(home)).size).toBeGreaterThan(before));
  gateway.kill('SIGKILL');
  await gateway.exited;
  const next = await startGateway({ home });
  expect(await say(next, 'a')).toMatchObject({ http: 200, turn_id: first?.turn_id });
});
