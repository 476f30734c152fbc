import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { clearDrainRequest, writeDrainRequest } from '@hermes/drain-contract';
import { expect, it, onTestFinished, vi } from 'vitest';
import { JOURNAL_FILENAME } from './journal/records.ts';
import { startGateway } from './testing/gateway-process.ts';
import { bodyOf } from './testing/http-gateway.ts';
import { temporaryDirectory } from './testing/temporary-directory.ts';

const BOUND = { timeout: 10_000, interval: 10 };

it('a gateway whose journal waits for the disk answers probes, sees a drain, and goes on', async () => {
  const home = temporaryDirectory();
  const gateway = await startGateway({ home });
  // Somebody else writes to the journal: to the gateway that is as a disk that takes its time.
  const other = new DatabaseSync(join(home, JOURNAL_FILENAME));
  onTestFinished(() => other[Symbol.dispose]());
  other.exec('BEGIN IMMEDIATE');
  const message = gateway.post({ session: 's', text: 'hello' });
  await vi.waitFor(() => expect(gateway.state?.active_agents).toBe(1), BOUND);

  expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
  await writeDrainRequest({ home });
  await vi.waitFor(() => expect(gateway.state?.gateway_state).toBe('draining'), BOUND);
  expect((await fetch(`${gateway.url}/readyz`)).status).toBe(503);

  other.exec('COMMIT');
  expect(await message.then(bodyOf)).toMatchObject({ status: 'done', reply: 'hello' });
  await clearDrainRequest({ home });
  await vi.waitFor(() => expect(gateway.state?.gateway_state).toBe('running'), BOUND);
});
