import { describe, expect, it, vi } from 'vitest';
import { openJournal } from '../testing/journals.ts';
import { quietLog } from '../testing/quiet-log.ts';
import type { Channel, Receive } from './channel.ts';
import { ChannelHealth } from './channel-health.ts';
import { ChannelManager } from './channel-manager.ts';

const INCOMING = { session: 'mail:anna', text: 'hello', messageId: 'm1' };

/** A channel that lets the test submit a message, and records when it was stopped. */
function channelOf(name: string, stop: () => Promise<void> = async () => undefined) {
  const started = Promise.withResolvers<Receive>();
  const channel: Channel = {
    name,
    health: new ChannelHealth('connecting'),
    carries: () => true,
    deliver: async () => undefined,
    start: started.resolve,
    stop,
  };
  return { channel, started: started.promise };
}

function managerOf(channels: Channel[]): ChannelManager {
  return new ChannelManager({ channels, journal: openJournal(), isOpen: () => true, log: quietLog().log });
}

describe('a ChannelManager', () => {
  it('hands what a channel receives on', async () => {
    const { channel, started } = channelOf('mail');
    const channelManager = managerOf([channel]);
    const receive = vi.fn<Receive>(async () => undefined);
    channelManager.start(receive, { edited: vi.fn(), isStored: vi.fn(), moved: vi.fn() });
    await (await started)(INCOMING);
    expect(receive.mock.calls).toEqual([[INCOMING]]);
    await channelManager.close(AbortSignal.timeout(1_000));
  });

  it('ends receiving on every channel, also when one of them fails to', async () => {
    const stopped: string[] = [];
    const failing = channelOf('a', async () => {
      throw new Error('no');
    });
    const other = channelOf('b', async () => void stopped.push('b'));
    const channelManager = managerOf([failing.channel, other.channel]);
    await expect(channelManager.stopReceiving(AbortSignal.timeout(1_000))).resolves.toBeUndefined();
    expect(stopped).toEqual(['b']);
  });

  it('has nothing to close without channels', async () => {
    const channelManager = managerOf([]);
    await expect(channelManager.close(AbortSignal.timeout(1_000))).resolves.toBeUndefined();
  });
});
