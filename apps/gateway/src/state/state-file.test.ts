import { readGatewayState } from '@hermes/drain-contract';
import { temporaryDirectory } from '@hermes/test-kit';
import { expect, it } from 'vitest';
import { IDENTITY } from '../testing/identity.ts';
import { composeState } from './snapshot.ts';
import { StateFile } from './state-file.ts';

it('of writes at the same time the one of the newest state stays, in whatever order the disk finishes them', async () => {
  const home = temporaryDirectory();
  let queued = 0;
  const file = new StateFile(home, () =>
    composeState(IDENTITY, {
      ...{ state: 'running', active: 0, inFlight: [], drain: null, endpoint: null, exit: null, refused: 0 },
      ...{ queued, channels: [], now: 2_000 },
    }),
  );
  for (let round = 0; round < 50; round += 1) {
    const writes = Array.from({ length: 4 }, () => {
      queued += 1;
      return file.write();
    });
    await Promise.all(writes);
    expect(readGatewayState({ home })?.queued_turns).toBe(queued);
  }
});
