import { once } from 'node:events';
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { appendFile, cp, readdir, readFile, rename, rm, watch, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DRAIN_REQUEST_FILENAME, desiredStatePath, drainRequestPath, readGatewayState } from '@hermes/drain-contract';
import { beforeEach, expect, type TestContext, test } from 'vitest';
import { Container } from '../container/container.ts';
import { slots } from '../container/slots.ts';
import { describeContainers } from '../container/suite.ts';
import { Volume } from '../container/volume.ts';
import { note, since } from './figures.ts';
import { type Letter, type Reply, send } from './people.ts';
import { type Stage, useStage } from './stage.ts';
import { until, untilAccepting } from './until.ts';

const TURN_MS = 1_000;

/** So that the journal has accepted some messages and not yet all. */
const WRITES_BEFORE_THE_CUT = 3;

/** Against hanging. */
const CUT_TIMEOUT_MS = 30_000;

describeContainers('a restart of the machine', () => {
  const stage = prepare();

  test('with a marker on the volume boots running and accepting, and the gateway comes back by itself', async (context) => {
    await drain(stage);
    await stage.container.pullThePlug();
    const marker = await readFile(drainRequestPath({ home: stage.home }), 'utf8');
    expect(await boot(stage, context)).toMatchObject({ gateway_state: 'running' });
    expect(await readFile(drainRequestPath({ home: stage.home }), 'utf8')).toBe(marker);
    expect((await (await stage.client()).untilDrained(0)).body).toMatchObject({
      safe_to_stop: false,
      verdict: { active: false, reason: 'stale-epoch' },
    });
    await expectAnswer(stage);
  });

  test('twice in a row, the second time before the first boot was over, changes nothing about that', async (context) => {
    await drain(stage);
    await stage.container.pullThePlug();
    stage.container.launch();
    await stage.container.whenBegun();
    await until('its first stage has begun', () =>
      readdir(stage.container.path('/run/service')).catch(() => undefined),
    );
    await stage.container.pullThePlug();
    expect(await boot(stage, context)).toMatchObject({ gateway_state: 'running' });
    await expectAnswer(stage);
  });

  test("with a volume restored from another machine's backup boots running and accepting", async (context) => {
    const letter = letterOf('restored');
    const lost = send(stage.url, letter);
    await stage.published((state) => state.active_agents === 1);
    await drain(stage);
    await stage.container.pullThePlug();
    await lost;
    await using restored = await Volume.create();
    await restored.addProfile('default', { turn: TURN_MS, intent: 'running' });
    const config = await readFile(join(restored.home(), 'config.yaml'), 'utf8');
    await cp(stage.home, restored.home(), {
      recursive: true,
      force: true,
      preserveTimestamps: true,
      filter: (path) => !lstatSync(path).isSocket(),
    });
    await writeFile(join(restored.home(), 'config.yaml'), config);
    await changeOwnerAndEpoch(restored.home());
    await using elsewhere = await Container.create({ volume: restored, name: 'elsewhere', dashboard: true });
    const started = performance.now();
    await elsewhere.start();
    await untilAccepting(restored.url());
    note(context, { boot_to_accepting_ms: since(started) });
    expect(await send(restored.url(), letterOf('after'))).toMatchObject({ status: 200, body: { reply: 'after' } });
    expect(await answerTo(restored.url(), letter)).toMatchObject({ status: 200, body: { reply: 'restored' } });
    expect(readGatewayState({ home: restored.home() })).toMatchObject({ gateway_state: 'running', drain: null });
  });
});

describeContainers('a respawn of the gateway alone', () => {
  const stage = prepare();

  test('leaves it draining for the same request, never running in between', async (context) => {
    const requestId = await drain(stage);
    const before = stage.gatewayPid;
    const seen = new Set<unknown>();
    const recording = new AbortController();
    const recorded = recordStates(stage, seen, recording.signal);
    const killed = performance.now();
    const started = stage.state?.started_at;
    await stage.killGateway();
    await stage.published((state) => state.gateway_state === 'draining' && state.started_at !== started);
    note(context, { draining_again_ms: since(killed) });
    expect((await (await stage.client()).untilDrained()).body).toMatchObject({
      safe_to_stop: true,
      request_id: requestId,
    });
    recording.abort();
    await recorded;
    expect(seen).toContain('draining');
    expect(seen).not.toContain('running');
    expect(stage.gatewayPid).not.toBe(before);
    expect(await send(stage.url, letterOf('refused'))).toMatchObject({ status: 503, body: { code: 'draining' } });
  });
});

describeContainers('docker restart', () => {
  const stage = prepare();

  test('of a running gateway brings it back', async (context) => {
    expect(await restart(stage, context)).toMatchObject({ gateway_state: 'running' });
    await expectAnswer(stage);
  });

  test('of a draining gateway brings it back, running and accepting', async (context) => {
    await drain(stage);
    expect(await restart(stage, context)).toMatchObject({ gateway_state: 'running', drain: null });
    await expectAnswer(stage);
  });

  test('of a stopped gateway leaves it down', async () => {
    expect(await stage.container.exec(['hermes-s6', 'stop', 'default'])).toMatchObject({ code: 0 });
    await stage.container.restart();
    await expectDown(stage);
    await expect.poll(() => stage.container.logs).toContain('prior_state=stopped action=registered');
  });

  test('of a gateway that could not start, and that nobody says is to run, leaves it down', async () => {
    await failToStart(stage);
    await rm(desiredStatePath({ home: stage.home }));
    await stage.container.restart();
    await expectDown(stage);
    await expect.poll(() => stage.container.logs).toContain('prior_state=startup_failed action=registered');
  });

  test('of a gateway that could not start, and that is meant to run, tries it again', async () => {
    await failToStart(stage);
    await stage.container.restart();
    await untilAccepting(stage.url);
    await expectAnswer(stage);
  });
});

describeContainers('a gateway that finds in its way what passes by itself', () => {
  const stage = prepare();

  test.each([
    ['its port is taken', takePort],
    ['its journal is locked', lockJournal],
  ])(
    'while %s ends with 75 again and again, never counts as failed, and runs when that has passed',
    async (_what, block) => {
      const config = join(stage.home, 'config.yaml');
      await appendFile(config, 'start_timeout: 0.1\n');
      await stage.container.exec(['hermes-s6', 'stop', 'default']);
      {
        await using _block = await block(stage);
        await stage.container.exec(['hermes-s6', 'start', 'default', '--timeout', '1']);
        const pids = new Set<unknown>();
        while (pids.size < 3)
          pids.add((await stage.published(({ exit, pid }) => exit?.code === 75 && !pids.has(pid))).state.pid);
      }
      await untilAccepting(stage.url);
      await expectAnswer(stage);
      await writeFile(config, (await readFile(config, 'utf8')).replace('start_timeout: 0.1\n', ''));
    },
  );
});

describeContainers('a power cut', () => {
  const stage = prepare();

  test('in the middle of a turn costs nobody the answer', async (context) => {
    const letter = letterOf('cut off');
    const lost = send(stage.url, letter);
    await stage.published((state) => state.active_agents === 1);
    await stage.container.pullThePlug();
    expect(await lost).toBe(undefined);
    await boot(stage, context);
    expect(await answerTo(stage.url, letter)).toMatchObject({ status: 200, body: { reply: 'cut off' } });
  });

  test('in the middle of the write of a marker leaves no half of it, and nothing that drains', async (context) => {
    const client = await stage.client();
    const isHalf = (name: string) => name.startsWith(`.${DRAIN_REQUEST_FILENAME}.`);
    const cut = cutAt(stage, isHalf);
    const asking = Array.from({ length: 20 }, () => client.beginDrain().catch(() => undefined));
    await cut;
    await Promise.all(asking);
    const left = (await readdir(stage.home)).filter(isHalf);
    const marker = await readFile(drainRequestPath({ home: stage.home }), 'utf8').catch(() => '{}');
    expect(JSON.parse(marker)).toBeTypeOf('object');
    expect(await boot(stage, context)).toMatchObject({ gateway_state: 'running' });
    await expectAnswer(stage);
    note(context, { half_written_files: left.length });
  });

  test('in the middle of a commit of the journal loses no message that was accepted', async (context) => {
    let writes = 0;
    const cut = cutAt(stage, (name) => name === 'gateway.db-wal' && ++writes === WRITES_BEFORE_THE_CUT);
    const letters = Array.from({ length: 40 }, (_, n) => letterOf(`said ${n}`, `session-${n}`));
    const replies = await Promise.all(letters.map((letter) => send(stage.url, letter, { prefer: 'respond-async' })));
    await cut;
    await boot(stage, context);
    const accepted = letters.filter((_, n) => replies[n]?.status === 202);
    for (const letter of accepted) {
      expect(await answerTo(stage.url, letter)).toMatchObject({ status: 200, body: { reply: letter.text } });
    }
    note(context, { sent: letters.length, accepted: accepted.length, answered: accepted.length });
  });

  test('in the middle of a reconcile leaves every gateway to the next one', async (context) => {
    const names = Array.from({ length: 30 }, (_, n) => `profile-${n}`);
    for (const name of names) await stage.volume.addProfile(name, { intent: 'stopped' });
    await stage.container.stop();
    let published = 0;
    for (let tries = 0; tries < 5 && (published === 0 || published > names.length); tries++) {
      stage.container.launch();
      await stage.container.whenBegun();
      published = await firstSlots(stage.container);
      await stage.container.pullThePlug();
    }
    await boot(stage, context);
    expect([...(await slots(stage.container)).keys()].sort()).toEqual(['default', ...names].sort());
    expect((await slots(stage.container)).get('default')).toMatchObject({ state: 'running' });
    note(context, { slots: names.length + 1, published_at_the_cut: published });
  });
});

function prepare(): Stage {
  const stage = useStage({ turn: TURN_MS, grace: 20 });
  beforeEach(() => stage.reset());
  return stage;
}

/** Begins a drain, and waits until the gateway says so. @returns the request's id. */
async function drain(stage: Stage): Promise<unknown> {
  const begun = await (await stage.client()).beginDrain({ reason: 'update' });
  await stage.published((state) => state.drain?.request_id === begun.body.request_id);
  return begun.body.request_id;
}

/** Boots after a cut. @returns what the gateway publishes once it accepts. */
async function boot(stage: Stage, context: TestContext) {
  const started = performance.now();
  await stage.container.start();
  await untilAccepting(stage.url);
  note(context, { boot_to_accepting_ms: since(started) });
  await stage.untilUp();
  return stage.state;
}

async function restart(stage: Stage, context: TestContext) {
  const started = performance.now();
  expect(await stage.container.stop()).toMatchObject({ code: 0, graceful: true });
  note(context, { stop_ms: since(started) });
  return boot(stage, context);
}

async function expectAnswer(stage: Stage): Promise<void> {
  expect(await send(stage.url, letterOf('hello'))).toMatchObject({ status: 200, body: { reply: 'hello' } });
}

async function expectDown(stage: Stage): Promise<void> {
  const slot = await until('the slot is there', async () => (await slots(stage.container)).get('default'));
  expect(slot).toMatchObject({ state: 'stopped' });
}

/** Sends the same message again and again until it has its answer. */
function answerTo(url: string, letter: Letter): Promise<Reply> {
  return until(`${letter.message_id} is answered`, async () => {
    const reply = await send(url, letter);
    return reply?.body.status === 'done' || reply?.body.code === 'turn-interrupted' ? reply : undefined;
  });
}

function letterOf(text: string, session: string = crypto.randomUUID()): Letter {
  return { session, text, message_id: crypto.randomUUID() };
}

/** Pulls the plug the moment such a file of the home is made or written. */
async function cutAt(stage: Stage, isIt: (name: string) => boolean): Promise<void> {
  for await (const { filename } of watch(stage.home, { signal: AbortSignal.timeout(CUT_TIMEOUT_MS) })) {
    if (filename !== null && isIt(filename)) break;
  }
  await stage.container.pullThePlug();
}

async function recordStates(stage: Stage, seen: Set<unknown>, signal: AbortSignal): Promise<void> {
  try {
    for await (const _ of watch(stage.home, { signal })) seen.add(stage.state?.gateway_state);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Has the gateway refused at its start by a journal that is none, which is put back afterwards. */
async function failToStart(stage: Stage): Promise<void> {
  await stage.container.exec(['hermes-s6', 'stop', 'default']);
  const journal = join(stage.home, 'gateway.db');
  await rename(journal, `${journal}.away`);
  await writeFile(journal, 'no journal, and longer than any header\n'.repeat(99));
  await stage.container.exec(['hermes-s6', 'start', 'default']);
  await stage.published((state) => state.gateway_state === 'startup_failed');
  await rename(`${journal}.away`, journal);
}

/** Listens at the port of the gateway, which has stopped. */
async function takePort(stage: Stage): Promise<AsyncDisposable> {
  const other = createServer().listen(Number(new URL(stage.url).port), '127.0.0.1');
  await once(other, 'listening');
  return other;
}

/** Locks the journal of the gateway, which has stopped, against all other processes. */
async function lockJournal(stage: Stage): Promise<AsyncDisposable> {
  const other = new DatabaseSync(join(stage.home, 'gateway.db'));
  other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  return { [Symbol.asyncDispose]: async () => other.close() };
}

/** As if the backup had been taken on another machine, by whoever may read everything. */
async function changeOwnerAndEpoch(home: string): Promise<void> {
  for (const name of [DRAIN_REQUEST_FILENAME, 'gateway_state.json']) {
    const path = join(home, name);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/"epoch":\s*"[^"]*"/, '"epoch":"6f2c3b1e-another-machine:4711"'));
  }
}

/** Looks without a pause, since a reconcile is over in no time. @returns how many slots there were when there were some. */
async function firstSlots(container: Container): Promise<number> {
  const deadline = performance.now() + CUT_TIMEOUT_MS;
  const scandir = container.path('/run/hermes/gateways');
  while (performance.now() < deadline) {
    const breath = performance.now() + 20;
    while (performance.now() < breath) {
      const count = existsSync(scandir) ? readdirSync(scandir).filter((name) => name.startsWith('gateway-')).length : 0;
      if (count > 0) return count;
    }
    await nextTurn();
  }
  throw new Error(`expected a slot within ${CUT_TIMEOUT_MS / 1000} s, found none`);
}
