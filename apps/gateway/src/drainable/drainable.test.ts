import { ContractError } from '@hermes/drain-contract';
import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { recordingLog } from '../testing/recording-log.ts';
import { Drainable } from './drainable.ts';

const IDENTITY = {
  pid: process.pid,
  epoch: 'epoch',
  version: '1',
  startedAt: Date.now(),
  restartDrainTimeout: 1,
  stopTimeout: 1,
  turnTimeout: 1,
  stallAfter: 1,
};

const EXIT = { at: new Date().toISOString(), signal: null, code: 0, reason: 'test', interrupted: 0 };

/** A server that starts, whose state gets onto the disk when the test lets it. */
function startingServer() {
  const { log, lines } = recordingLog();
  const readings = () => ({ endpoint: null, queued: 0, channels: [] });
  const server = new Drainable({ home: temporaryDirectory(), identity: IDENTITY, readings, log });
  const disk = Promise.withResolvers<void>();
  vi.spyOn(server, 'publish').mockReturnValue(disk.promise);
  onTestFinished(() => server.close('closed', EXIT));
  const transitions = () => lines.filter(({ from }) => from !== undefined).map(({ msg }) => msg);
  return { server, disk, transitions };
}

describe('the log of a transition', () => {
  it.each<[what: string, outcome: Error | undefined]>([
    ['is published', undefined],
    ['could not be published', new ContractError('no_space', 'the disk is full')],
  ])('is written after it %s', async (_what, outcome) => {
    const { server, disk, transitions } = startingServer();
    server.open(null);
    expect(transitions()).toEqual([]);
    if (outcome) disk.reject(outcome);
    else disk.resolve();
    await server.published();
    await eventually(() => expect(transitions()).toEqual(['starting -> running']));
  });

  it('is not silenced by a disk that hangs, and keeps its order', async () => {
    const { server, disk, transitions } = startingServer();
    server.open(null);
    server.stop();
    await eventually(() => expect(transitions()).toEqual(['starting -> running', 'running -> stopping']));
    disk.resolve();
  });
});
