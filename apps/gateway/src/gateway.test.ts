import { clearDrainRequest } from '@hermes/drain-contract';
import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it, vi } from 'vitest';
import { httpGateway } from './testing/http-gateway.ts';

describe('the notice that a drain is over', () => {
  it('is sent later to a session for which it could not be stored at first', async () => {
    const { gateway, journal, drain, home, post } = await httpGateway();
    await drain();
    expect((await post({ session: 's', text: 'hello' })).status).toBe(503);
    const store = vi.spyOn(journal, 'recordDrainEnd').mockRejectedValueOnce(new Error('the disk is full'));
    await clearDrainRequest({ home });
    await eventually(() => expect(gateway.lifecycle.state).toBe('running'));
    await eventually(async () => expect(await journal.notifiedSessions('', 9)).toEqual([]));
    expect(store).toHaveBeenCalledTimes(2);
  });
});
