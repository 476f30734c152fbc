import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { lacking, temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { currentInstantiationEpoch } from '../epoch/epoch.ts';
import { parseProcessState, parseStartTime } from '../epoch/parse.pure.ts';
import { DEAD_PID, gatewayState } from '../testing/gateway-states.ts';
import { writeGatewayState } from './file.ts';
import { hasGatewayDied, observeGateway } from './observe.ts';
import { gatewayStatePath } from './path.ts';
import { isRunningSince, processStartTime } from './process.ts';
import type { GatewayState } from './schema.pure.ts';

const OWN = currentInstantiationEpoch();

async function observe(changes: Partial<GatewayState>, after = 0) {
  const home = temporaryDirectory();
  await writeGatewayState(gatewayState(changes), { home });
  return observeGateway({ home, now: Date.now() + after });
}

describe('an observer addresses', () => {
  it('a gateway of another container by its epoch while it is live', async () => {
    expect(await observe({ epoch: 'theirs' })).toMatchObject({ live: true, epoch: 'theirs' });
  });

  it('that gateway by its own epoch once the heartbeat is stale', async () => {
    expect(await observe({ epoch: 'theirs' }, 31_000)).toMatchObject({ live: false, epoch: OWN });
  });

  it('a gateway that has stopped by its own epoch, and still shows its state', async () => {
    const observation = await observe({ epoch: 'theirs', gateway_state: 'stopped' });
    expect(observation).toMatchObject({ live: false, epoch: OWN, state: { gateway_state: 'stopped' } });
  });

  it('a gateway whose process runs beside it by the epoch of both', async () => {
    expect(await observe({ epoch: OWN, pid: process.pid })).toMatchObject({ live: true, epoch: OWN });
  });

  it('no gateway without a readable state, and the reason', () => {
    const home = temporaryDirectory();
    expect(observeGateway({ home })).toEqual({ state: undefined, live: false, liveness: 'unknown', epoch: OWN });
    writeFileSync(gatewayStatePath({ home }), '{');
    expect(observeGateway({ home })).toEqual({ state: undefined, live: false, liveness: 'unknown', epoch: OWN });
  });
});

describe('the life of a gateway, in a word, is', () => {
  const startTime = processStartTime();
  const skipped = lacking('/proc, to tell when a process started', startTime !== undefined);
  const beside = { epoch: OWN, pid: process.pid, start_time: startTime ?? 0 };
  const dead = { ...beside, pid: DEAD_PID };

  it.each<[word: string, what: string, changes: Partial<GatewayState>, after: number]>([
    ['live', 'with a heartbeat', beside, 0],
    ['frozen', 'without a heartbeat while its process is there', beside, 31_000],
    ['died', 'at once when its process is gone', dead, 0],
    ['died', 'when its process is gone, however long ago', dead, 86_400_000],
    ['died', 'when another process has its id', { ...beside, start_time: beside.start_time + 1 }, 31_000],
    ['stopped', 'when it said so', { ...dead, gateway_state: 'stopped' }, 86_400_000],
    ['stopped', 'when it could not start', { ...dead, gateway_state: 'startup_failed' }, 0],
    ['unknown', 'without a heartbeat from another container', { ...dead, epoch: 'theirs' }, 31_000],
  ])('%s %s', async (word, what, changes, after) => {
    if (skipped && /process/.test(what)) return;
    expect((await observe(changes, after)).liveness).toBe(word);
  });
});

describe('a process id', () => {
  it('tells at once that a gateway beside the observer has died', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    expect((await observe({ epoch: OWN, pid })).live).toBe(false);
    expect((await observe({ epoch: OWN, pid: DEAD_PID })).live).toBe(false);
  });

  it('tells the same later of what was observed before', async () => {
    expect(hasGatewayDied(await observe({ epoch: OWN, pid: process.pid }))).toBe(false);
    expect(hasGatewayDied(await observe({ epoch: OWN, pid: DEAD_PID }))).toBe(true);
    expect(hasGatewayDied(await observe({ epoch: 'theirs', pid: DEAD_PID }))).toBe(false);
    expect(hasGatewayDied(observeGateway({ home: temporaryDirectory() }))).toBe(false);
  });

  it('means nothing in another epoch', async () => {
    expect((await observe({ epoch: 'theirs', pid: DEAD_PID })).live).toBe(true);
  });

  it('that belongs to another user is alive', async () => {
    const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
      throw Object.assign(new Error('not yours'), { code: 'EPERM' });
    });
    onTestFinished(() => kill.mockRestore());
    expect((await observe({ epoch: OWN, pid: 1 })).live).toBe(true);
    expect(kill).toHaveBeenCalledExactlyOnceWith(1, 0);
  });

  it('that no system can have is not taken for a death', async () => {
    expect((await observe({ epoch: OWN, pid: 2 ** 40 })).live).toBe(true);
  });
});

describe('a process beside the observer, by its id and start time', () => {
  const startTime = processStartTime();
  const beside = { epoch: OWN, pid: process.pid, start_time: startTime ?? 0 };
  const DAY = 86_400_000;
  const skipped = lacking('/proc, to tell when a process started', startTime !== undefined);

  it.skipIf(skipped)('is live however far a clock has jumped since its heartbeat', async () => {
    for (const jump of [-DAY, -31_000, 31_000, DAY]) {
      expect(await observe(beside, jump)).toMatchObject({ live: true, epoch: OWN });
    }
  });

  it.skipIf(skipped)('is not live once it says that it has stopped, or in another epoch', async () => {
    expect((await observe({ ...beside, gateway_state: 'stopped' }, DAY)).live).toBe(false);
    expect((await observe({ ...beside, epoch: 'theirs' }, DAY)).live).toBe(false);
  });

  it.skipIf(skipped)('is another one when it started at another time', async () => {
    expect((await observe({ ...beside, start_time: beside.start_time + 1 }, DAY)).live).toBe(false);
    expect((await observe({ ...beside, pid: DEAD_PID }, DAY)).live).toBe(false);
  });

  it.skipIf(skipped)('is dead as a zombie', async () => {
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void parent.kill('SIGKILL'));
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line);
    // A shell waits for its children, and what it becomes does not.
    await eventually(() => expect(readFileSync(`/proc/${parent.pid}/comm`, 'latin1')).toBe('sleep\n'));
    process.kill(pid, 'SIGKILL');
    const stat = () => readFileSync(`/proc/${pid}/stat`, 'latin1');
    await eventually(() => expect(parseProcessState(stat())).toBe('Z'));
    expect(isRunningSince(pid, Number(parseStartTime(stat())))).toBe(false);
  });
});
