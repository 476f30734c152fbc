import { describe, expect, it } from 'vitest';
import * as contract from './index.ts';

describe('the public surface', () => {
  it('has the functions that other programs are written against', () => {
    expect(contract).toMatchObject(
      Object.fromEntries(
        [
          'drainRequestPath',
          'writeDrainRequest',
          'clearDrainRequest',
          'readDrainRequest',
          'drainVerdict',
          'drainRequested',
          'drainNotificationSuppressed',
          'currentInstantiationEpoch',
          'readGatewayState',
          'writeGatewayState',
          'readDesiredState',
          'writeDesiredState',
        ].map((name) => [name, expect.any(Function)]),
      ),
    );
  });

  it('has the file names that other programs look for', () => {
    expect([contract.DRAIN_REQUEST_FILENAME, contract.GATEWAY_STATE_FILENAME, contract.DESIRED_STATE_FILENAME]).toEqual(
      ['.drain_request.json', 'gateway_state.json', 'desired_state.json'],
    );
  });

  it('has a heartbeat that may be missed twice', () => {
    expect([contract.HEARTBEAT_INTERVAL_MS, contract.HEARTBEAT_TIMEOUT_MS]).toEqual([10_000, 30_000]);
  });
});
