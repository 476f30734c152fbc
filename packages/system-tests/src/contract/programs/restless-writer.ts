/**
 * restless-writer HOME, started from a snapshot of itself: says that it is ready, waits for a byte, and then cancels,
 * begins and refreshes drains until somebody kills it; says so when it has done the first. Ends by itself when nobody
 * kills it.
 */
import { readSync, writeSync } from 'node:fs';
import { startupSnapshot } from 'node:v8';
import { clearDrainRequest, writeDrainRequest } from '@hermes/drain-contract';

const MAX_LIFE_MS = 5_000;

startupSnapshot.setDeserializeMainFunction(async () => {
  const home = process.argv.at(-1);
  writeSync(1, '\n');
  if (readSync(0, Buffer.alloc(1)) === 0) return;
  const end = performance.now() + MAX_LIFE_MS;
  await writeDrainRequest({ home });
  writeSync(1, '\n');
  while (performance.now() < end) {
    await clearDrainRequest({ home });
    await writeDrainRequest({ home, reason: 'restless' });
    await writeDrainRequest({ home, maxAgeSeconds: 60 });
  }
});
