import { describe, expect, it } from 'vitest';
import { replyOf } from '../testing/replies.ts';
import { EchoAgent } from './echo.ts';

describe('an EchoAgent', () => {
  it.each<[text: string, delayMs: number]>([
    ['hello', 0],
    ['', 0],
    ['', 1],
    ['  one two\n three ', 1],
    ['   ', 1],
  ])('says %j over %d ms, all of it', async (text, delay_ms) => {
    const reply = await replyOf(new EchoAgent({ delay_ms }), { session: 's', text });
    expect(reply).toEqual({ said: text, error: undefined });
  });

  it('stops between two words when its signal aborts', async () => {
    const stop = new AbortController();
    const agent = new EchoAgent({ delay_ms: 60_000_000 });
    const reply = replyOf(agent, { session: 's', text: 'one two' }, { signal: stop.signal });
    stop.abort();
    expect((await reply).error?.name).toBe('AbortError');
  });

  it.each([
    [undefined, true],
    [true, true],
    [false, false],
  ])('with replay %s says of its turns that running them again is fine: %s', (replay, replayable) => {
    expect(new EchoAgent({ delay_ms: 0, replay }).replayable).toBe(replayable);
  });
});
