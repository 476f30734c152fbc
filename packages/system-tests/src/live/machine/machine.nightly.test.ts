import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isRoot, lacking, runs, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, test } from 'vitest';
import { drives } from '../../platforms/drives.ts';
import { chooseSeed, randomNumbers } from '../../seed.ts';
import { CACHE } from '../built-image/podman.ts';
import { drainctl as runDrainctl } from '../drainctl-process.ts';
import { QemuMachine } from './qemu-machine.ts';

drives('machine', 'ext4 and XFS: restart while drained; power cuts under load, and a disk that is put back', {
  QEMU: 'qemu-system-x86_64 --version',
  kernel: `tar -tf ${CACHE}/machine-*.tar | grep -m1 boot/vmlinuz-`,
});

const TOOLS = ['qemu-system-x86_64', 'mmdebstrap', 'mke2fs'];
const isMissing = lacking(
  'root, qemu-system-x86 and mmdebstrap, for a machine that restarts and loses power',
  isRoot() && TOOLS.every((tool) => runs('sh', '-c', `command -v ${tool}`)),
);

/** How often the power of each machine is cut; another number with HERMES_POWER_CUTS. */
const CUTS = Number(process.env.HERMES_POWER_CUTS || 2);
const SEED = chooseSeed();
const SESSIONS = 4;
/** A power cut comes so long after messages are answered, in ms. */
const LOAD_MS = 8_000;
const KEY = 'key-of-the-gateway-on-the-machine-0123456789';
const SECRET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ';
const TIMEOUT = (6 + CUTS) * 900_000;
/** In a machine without hardware support, everything takes long. */
const PATIENCE = { timeout: 600_000, interval: 500 };

const ENV = {
  API_SERVER_HOST: '0.0.0.0',
  API_SERVER_KEY: KEY,
  HERMES_DASHBOARD: '1',
  HERMES_DASHBOARD_HOST: '0.0.0.0',
  HERMES_DASHBOARD_DRAIN_SECRET: SECRET,
};

/** A message that was acknowledged: it is stored. */
interface Acknowledged {
  readonly id: string;
  readonly turn: string;
  readonly text: string;
}

async function ask(machine: QemuMachine, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
  return fetch(`${machine.gatewayUrl}${path}`, { ...init, headers, signal: AbortSignal.timeout(60_000) });
}

async function untilReady(machine: QemuMachine): Promise<void> {
  const status = () => ask(machine, '/readyz').then(({ status }) => status, String);
  await expect.poll(status, PATIENCE).toBe(200);
}

/** Sends a message that is answered later. @returns `undefined` if it was not acknowledged. */
async function send(machine: QemuMachine, session: string, id: string): Promise<Acknowledged | undefined> {
  const text = `text of ${id}`;
  try {
    const response = await ask(machine, '/v1/messages', {
      method: 'POST',
      headers: { prefer: 'respond-async' },
      body: JSON.stringify({ session, text, message_id: id }),
    });
    const { turn_id } = (await response.json()) as { turn_id?: string };
    return response.ok && turn_id !== undefined ? { id, turn: turn_id, text } : undefined;
  } catch {
    return undefined;
  }
}

/** People who send one message after the other. @returns what was acknowledged until `stop`. */
async function talk(machine: QemuMachine, round: number, stop: AbortSignal): Promise<Acknowledged[]> {
  const all: Acknowledged[] = [];
  const talking = Array.from({ length: SESSIONS }, async (_, session) => {
    for (let n = 0; !stop.aborted; n += 1) {
      const acknowledged = await send(machine, `s${session}`, `${round}-${session}-${n}`);
      if (acknowledged) all.push(acknowledged);
      else await delay(100);
    }
  });
  await Promise.all(talking);
  return all;
}

/** Each acknowledged message is answered, and sending it again finds the same turn. */
async function expectKept(machine: QemuMachine, messages: readonly Acknowledged[]): Promise<void> {
  for (const { id, turn, text } of messages) {
    const [, session] = id.split('-');
    const again = await send(machine, `s${session}`, id);
    expect(again?.turn, `turn of ${id}`).toBe(turn);
    const found = async () => (await ask(machine, `/v1/turns/${turn}`)).json();
    await expect.poll(found, PATIENCE).toMatchObject({ status: 'done', reply: text });
  }
}

/** Cuts the power after so many ms of messages. @returns those that were acknowledged. */
async function cutUnderLoad(machine: QemuMachine, round: number, afterMs: number): Promise<Acknowledged[]> {
  const stop = new AbortController();
  const talking = talk(machine, round, stop.signal);
  await delay(afterMs);
  await machine.cutPower();
  stop.abort();
  return talking;
}

async function drainctl(machine: QemuMachine, ...args: string[]) {
  const home = temporaryDirectory();
  writeFileSync(join(home, '.dashboard_token'), SECRET, { mode: 0o600 });
  return runDrainctl({ home, dashboard: { url: machine.dashboardUrl } }, ...args);
}

async function firstBoot(machine: QemuMachine): Promise<void> {
  await machine.powerOn();
  const config = 'agent: {kind: echo, delay_ms: 200, replay: true}';
  await machine.does(`printf '${config}\\n' >/opt/data/config.yaml && chown hermes:hermes /opt/data/config.yaml`);
  await expect.poll(async () => (await machine.exec('hermes-s6 start default')).code, PATIENCE).toBe(0);
  await untilReady(machine);
}

describe.skipIf(isMissing)('a machine', () => {
  test('restarts while it is drained: the drain is void, and its gateway comes back', {
    timeout: TIMEOUT,
  }, async () => {
    await using machine = await QemuMachine.make({ fileSystem: 'ext4', env: ENV });
    await firstBoot(machine);
    const before = await send(machine, 's0', '0-0-0');
    expect(before).toBeDefined();
    expect(await drainctl(machine, 'begin', '--reason', 'restart', '--wait')).toMatchObject({ code: 0 });
    const boots = [await machine.bootId()];
    await machine.restart();
    boots.push(await machine.bootId());
    await untilReady(machine);
    const { stdout } = await drainctl(machine, 'status', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ drain: { verdict: { active: false, reason: 'stale-epoch' } } });
    await expectKept(machine, before ? [before] : []);
    // The power fails in a drain, and later an operator puts the disk of that moment back.
    expect(await drainctl(machine, 'begin', '--quiet', '--wait')).toMatchObject({ code: 0 });
    await machine.cutPower();
    const putBack = machine.saveVolume();
    for (const prepare of [() => undefined, putBack]) {
      prepare();
      await machine.powerOn();
      boots.push(await machine.bootId());
      await untilReady(machine);
      expect(await machine.does('cat /opt/data/.drain_request.json')).toContain('"suppress_notification": true');
      await machine.cutPower();
    }
    expect(new Set(boots).size).toBe(4);
  });

  test.each(['ext4', 'xfs'] as const)(
    'loses nothing that was acknowledged when its power is cut, on %s',
    {
      timeout: TIMEOUT,
    },
    async (fileSystem) => {
      await using machine = await QemuMachine.make({ fileSystem, env: ENV });
      await firstBoot(machine);
      const random = randomNumbers(SEED);
      const acknowledged: Acknowledged[] = [];
      for (let round = 0; round < CUTS; round += 1) {
        acknowledged.push(...(await cutUnderLoad(machine, round, LOAD_MS * (0.5 + random()))));
        await machine.powerOn();
        await untilReady(machine);
        await expectKept(machine, acknowledged);
      }
      console.info(
        `seed ${SEED}: ${CUTS} power cuts on ${fileSystem}, ${acknowledged.length} acknowledged messages kept`,
      );
      expect(acknowledged.length).toBeGreaterThan(0);
    },
  );

  test('whose programs do not flush loses messages, which these tests notice', { timeout: TIMEOUT }, async () => {
    await using machine = await QemuMachine.make({
      fileSystem: 'ext4',
      env: { ...ENV, LD_PRELOAD: 'libeatmydata.so' },
    });
    await firstBoot(machine);
    await machine.does('sync');
    const acknowledged = await cutUnderLoad(machine, 0, LOAD_MS / 2);
    await machine.powerOn();
    await untilReady(machine);
    expect(acknowledged.length).toBeGreaterThan(0);
    await expect(expectKept(machine, acknowledged)).rejects.toThrow(/turn of 0-/);
  });
});
