import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { clearDrainRequest, JOURNAL_FILENAME, writeDrainRequest } from '@hermes/drain-contract';
import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, it, onTestFinished } from 'vitest';
import { SqliteJournal } from './journal/sqlite/sqlite-journal.ts';
import { startGateway } from './testing/gateway-process.ts';
import { bodyOf } from './testing/http-gateway.ts';
import { unfinishedTurns } from './testing/journals.ts';

const FAIL_JOURNAL = new URL('testing/programs/fail-journal.ts', import.meta.url).href;

/** How many accepted turns have no end in the journal. */
async function unfinished(home: string): Promise<number> {
  const journal = new SqliteJournal(join(home, JOURNAL_FILENAME));
  try {
    return (await unfinishedTurns(journal)).length;
  } finally {
    await journal.close();
  }
}

it('a gateway whose journal waits for the disk answers probes, sees a drain, and continues', async () => {
  const home = temporaryDirectory();
  const gateway = await startGateway({ home });
  // Another process locks the journal, which has the same effect as a slow disk.
  const other = new DatabaseSync(join(home, JOURNAL_FILENAME));
  onTestFinished(() => other[Symbol.dispose]());
  other.exec('BEGIN IMMEDIATE');
  const say = () => gateway.post({ session: 's', text: 'hello', message_id: 'm' });
  const message = say();
  await eventually(() => expect(gateway.state?.active_agents).toBe(1));

  expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
  await writeDrainRequest({ home });
  await eventually(() => expect(gateway.state?.gateway_state).toBe('draining'));
  expect((await fetch(`${gateway.url}/readyz`)).status).toBe(503);

  other.exec('COMMIT');
  await clearDrainRequest({ home });
  await eventually(() => expect(gateway.state?.gateway_state).toBe('running'));
  // On a busy machine it may have waited for longer than the journal does, and got a refusal.
  const answer = await message;
  expect(await bodyOf(answer.status === 503 ? await say() : answer)).toMatchObject({ status: 'done', reply: 'hello' });
});

it('a gateway whose journal fails ends at once, and the next one answers what was accepted', async () => {
  const home = temporaryDirectory();
  const config = join(home, 'config.yaml');
  writeFileSync(config, 'agent: {delay_ms: 3600000}\n');
  const broken = await startGateway({ home, environment: { NODE_OPTIONS: `--import=${FAIL_JOURNAL}` } });
  const message = { session: 's', text: 'hello', message_id: 'm' };
  const cutOff = broken.post(message).catch(() => 'cut off');
  await eventually(async () => expect(await unfinished(home)).toBe(1));
  writeFileSync(join(home, 'fail-journal'), '');

  const { code, signal, stderr } = await broken.exited;
  expect({ code, signal }).toEqual({ code: 1, signal: null });
  expect(stderr).toContain(`${join(home, 'fail-journal')} is there`);
  expect(await cutOff).toBe('cut off');
  expect(await unfinished(home)).toBe(1);
  writeFileSync(config, '');
  const next = await startGateway({ home });
  expect(await next.post(message).then(bodyOf)).toMatchObject({ status: 'done', reply: 'hello' });
});
