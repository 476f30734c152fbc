import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JOURNAL_FILENAME } from '@hermes/drain-contract';
import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, it, onTestFinished } from 'vitest';
import { SqliteJournal } from './journal/sqlite/sqlite-journal.ts';
import { BIN, startGateway } from './testing/gateway-process.ts';
import { announcement } from './testing/journals.ts';
import { localServer, received } from './testing/local-server.ts';
import { turn } from './testing/turns.ts';

const SMALL_HEAP = { NODE_OPTIONS: '--max-old-space-size=128', HERMES_LOG_LEVEL: 'warn' };
/** A long reply. */
const LONG = 'x'.repeat(2 * 1_048_576);
/** Read at once, with the copies that are made of each, more than the heap holds. */
const COUNT = 40;

it('a gateway with a small heap delivers more long replies than it can hold at once', {
  timeout: 180_000,
}, async () => {
  const home = temporaryDirectory();
  const journal = new SqliteJournal(join(home, JOURNAL_FILENAME));
  for (let n = 0; n < COUNT; n += 1) await journal.announce(announcement(`s${n}`, LONG, ['webhook']));
  await journal.close();
  const lengths: number[] = [];
  const receiver = await localServer(async (request, response) => {
    lengths.push((await received(request, response)).body.length);
    response.end();
  });
  writeFileSync(join(home, 'config.yaml'), `webhook: {url: "${receiver.url}", secret_env: HOOK_SECRET}\n`);
  const HOOK_SECRET = `whsec_${Buffer.from('k'.repeat(32)).toString('base64')}`;
  const gateway = await startGateway({ home, environment: { ...SMALL_HEAP, HOOK_SECRET } });
  await eventually(() => expect(lengths).toHaveLength(COUNT), 120_000);
  expect(Math.min(...lengths)).toBeGreaterThan(LONG.length);
  expect((await gateway.post({ session: 's', text: 'hello' })).status).toBe(200);
});

/** `turns` in a home with more turns than the heap holds at once. */
async function printTurns() {
  const home = temporaryDirectory();
  const journal = new SqliteJournal(join(home, JOURNAL_FILENAME));
  for (let n = 0; n < COUNT; n += 1) await journal.accept(turn(`t${n}`, { text: LONG }));
  await journal.close();
  const env = { ...SMALL_HEAP, PATH: process.env.PATH, HERMES_HOME: home };
  const turns = spawn(process.execPath, [BIN, 'turns', '--json'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void turns.kill('SIGKILL'));
  return turns;
}

it('a list of more turns than the heap holds at once is printed', { timeout: 120_000 }, async () => {
  const turns = await printTurns();
  let bytes = 0;
  turns.stdout.on('data', (data: Buffer) => {
    bytes += data.length;
  });
  expect(await once(turns, 'close')).toEqual([0, null]);
  expect(bytes).toBeGreaterThan(COUNT * LONG.length);
});

it('a list of turns ends when its reader has gone', { timeout: 120_000 }, async () => {
  const turns = await printTurns();
  turns.stdout.once('data', () => turns.stdout.destroy());
  expect(await once(turns, 'exit')).toEqual([0, null]);
});
