import { ContractError, clearDrainRequest } from '@hermes/drain-contract';
import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it, vi } from 'vitest';
import { httpGateway } from './testing/http-gateway.ts';
import { recordingLog } from './testing/recording-log.ts';

/** A gateway that starts, whose state gets onto the disk when the test lets it. */
async function startingGateway() {
  const { log, lines } = recordingLog();
  const { gateway } = await httpGateway({ open: false, log });
  const disk = Promise.withResolvers<void>();
  vi.spyOn(gateway, 'publish').mockReturnValue(disk.promise);
  const transitions = () => lines.filter(({ from }) => from !== undefined).map(({ msg }) => msg);
  return { gateway, disk, transitions };
}

describe('the log of a transition', () => {
  it.each<[what: string, outcome: Error | undefined]>([
    ['is published', undefined],
    ['could not be published', new ContractError('no_space', 'the disk is full')],
  ])('is written after it %s', async (_what, outcome) => {
    const { gateway, disk, transitions } = await startingGateway();
    await gateway.open();
    expect(transitions()).toEqual([]);
    if (outcome) disk.reject(outcome);
    else disk.resolve();
    await gateway.published();
    await eventually(() => expect(transitions()).toEqual(['starting -> running']));
  });

  it('is not silenced by a disk that hangs, and keeps its order', async () => {
    const { gateway, disk, transitions } = await startingGateway();
    await gateway.open();
    gateway.stop();
    await eventually(() => expect(transitions()).toEqual(['starting -> running', 'running -> stopping']));
    disk.resolve();
  });
});

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
