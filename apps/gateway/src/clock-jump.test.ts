import { existsSync, globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lacking, temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, it } from 'vitest';
import { type GatewayProcess, startGateway } from './testing/gateway-process.ts';
import { bodyOf } from './testing/http-gateway.ts';

/** Gives a program another wall clock, and leaves its monotonic one alone. */
const [LIBRARY = ''] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1');

/** Retention looks once a minute. */
const A_LOOK_MS = 90_000;
const MESSAGE = { session: 's', text: 'first', message_id: 'm' };
const LOOKED = /nothing is deleted before the clock|deleted old rows of the journal|old turns and events/;

/** A home that keeps turns for a day, and has one; with a clock that `set` moves. */
function homeWithClock() {
  const home = temporaryDirectory();
  const clock = join(temporaryDirectory(), 'clock');
  const set = (offset: string) => writeFileSync(clock, offset);
  set('+0');
  writeFileSync(join(home, 'config.yaml'), 'retention_days: 1\nlog_level: debug\n');
  const environment = {
    LD_PRELOAD: LIBRARY,
    FAKETIME_TIMESTAMP_FILE: clock,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  return { set, start: () => startGateway({ home, environment }) };
}

async function repeated(gateway: GatewayProcess): Promise<unknown> {
  await eventually(() => expect(gateway.stderr).toMatch(LOOKED), A_LOOK_MS);
  return bodyOf(await gateway.post({ ...MESSAGE, text: 'run again' }));
}

/** The clock jumps while the gateway runs, and comes back after retention has looked at it. */
async function jumpWhileRunning(): Promise<void> {
  const { set, start } = homeWithClock();
  const gateway = await start();
  const first = await bodyOf(await gateway.post(MESSAGE));
  set('+2d');
  expect(await repeated(gateway)).toEqual(first);
}

/** The machine starts with a wrong clock. */
async function wrongAtStart(): Promise<void> {
  const { set, start } = homeWithClock();
  const before = await start();
  const first = await bodyOf(await before.post(MESSAGE));
  before.kill('SIGTERM');
  await before.exited;
  set('+2d');
  expect(await repeated(await start())).toEqual(first);
}

it.skipIf(lacking('libfaketime (Debian package faketime)', existsSync(LIBRARY)))(
  'a clock that is two days ahead for a while forgets no turn, whenever that begins',
  { timeout: 180_000 },
  async () => {
    await Promise.all([jumpWhileRunning(), wrongAtStart()]);
  },
);
