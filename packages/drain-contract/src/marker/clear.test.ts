import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { writeGatewayState } from '../state/file.ts';
import { gatewayState } from '../testing/gateway-states.ts';
import { drainRequestPath } from './path.ts';
import { drainRequested } from './read.ts';
import { clearDrainRequest, writeDrainRequest } from './write.ts';

const ANOTHER = '01890000-0000-7000-8000-000000000000';

describe('clearDrainRequest', () => {
  it('cancels a drain, and says whether there was one', async () => {
    const home = temporaryDirectory();
    await expect(clearDrainRequest({ home })).resolves.toBe(false);
    await writeDrainRequest({ home });
    await expect(clearDrainRequest({ home })).resolves.toBe(true);
    expect(drainRequested({ home })).toBe(false);
    await expect(clearDrainRequest({ home })).resolves.toBe(false);
  });

  it('cancels the request that is named', async () => {
    const home = temporaryDirectory();
    const { request_id } = await writeDrainRequest({ home });
    await expect(clearDrainRequest({ home, requestId: request_id })).resolves.toBe(true);
    await expect(clearDrainRequest({ home, requestId: request_id })).resolves.toBe(false);
  });

  it('leaves another request alone, and names its id', async () => {
    const home = temporaryDirectory();
    const { request_id } = await writeDrainRequest({ home });
    const before = readFileSync(drainRequestPath({ home }));
    await expect(clearDrainRequest({ home, requestId: ANOTHER })).rejects.toMatchObject({
      name: 'ContractError',
      code: 'request_mismatch',
      message: `the drain in force is ${request_id}, not ${ANOTHER}`,
    });
    expect(readFileSync(drainRequestPath({ home }))).toEqual(before);
  });

  it.each(['{', '{"action":"drain"}'])('leaves a drain without an id alone when one is named: %s', async (text) => {
    const home = temporaryDirectory();
    writeFileSync(drainRequestPath({ home }), text);
    await expect(clearDrainRequest({ home, requestId: ANOTHER })).rejects.toMatchObject({
      code: 'request_mismatch',
      message: expect.stringContaining('one without an id'),
    });
    expect(drainRequested({ home })).toBe(true);
    await expect(clearDrainRequest({ home })).resolves.toBe(true);
  });

  it.each(['{"epoch":"an earlier boot"}', '{"requested_at":"2020-01-01T00:00:00Z"}'])(
    'removes a marker that is not in force, whatever is named: %s',
    async (text) => {
      const home = temporaryDirectory();
      writeFileSync(drainRequestPath({ home }), text);
      await expect(clearDrainRequest({ home, requestId: ANOTHER })).resolves.toBe(true);
    },
  );

  it('judges by the epoch of the gateway that is addressed', async () => {
    const home = temporaryDirectory();
    await writeGatewayState(gatewayState({ epoch: 'another container' }), { home });
    const { epoch } = await writeDrainRequest({ home });
    expect(epoch).toBe('another container');
    await expect(clearDrainRequest({ home, requestId: ANOTHER })).rejects.toMatchObject({ code: 'request_mismatch' });
  });

  it('says what is in the way when the marker is a directory', async () => {
    const home = temporaryDirectory();
    mkdirSync(drainRequestPath({ home }));
    await expect(clearDrainRequest({ home })).rejects.toMatchObject({
      message: expect.stringContaining(`cannot remove ${drainRequestPath({ home })}`),
    });
  });
});
