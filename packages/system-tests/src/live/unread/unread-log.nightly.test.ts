import { describe, expect, test } from 'vitest';
import { Testbed } from '../testbed.ts';
import { metric, StderrPipe } from './stderr-pipe.ts';

const DROPPED = 'hermes_log_lines_dropped_total';
const TIMES = 200;
const BOUND = 3_000;

const STOPPED = { code: null, signal: 'SIGTERM' };

describe('a gateway whose stderr is not read', () => {
  test('drains and answers as ever, counts the lines that it drops, and ends by SIGTERM', async () => {
    using pipe = new StderrPipe();
    await using testbed = await Testbed.start({ within: { gateway: pipe.within('debug') } });
    await drainUntilDropped(testbed);
    await answers(testbed);
    expect(await testbed.gateway.program.stop()).toEqual(STOPPED);
  });

  test('tells in its log how many lines are missing once it is read again', async () => {
    using pipe = new StderrPipe();
    await using testbed = await Testbed.start({ within: { gateway: pipe.within('info') } });
    await drainUntilDropped(testbed);
    const lines = pipe.lines();
    const gap = await until(lines, ({ dropped }) => dropped !== undefined);
    expect(gap.msg).toBe(`${gap.dropped} log lines dropped: stderr was not read in time`);
    expect(gap.dropped).toBe(await metric(testbed.gateway.url, DROPPED));
    await testbed.client.beginDrain();
    await until(lines, ({ msg }) => msg === 'running -> draining');
    const ended = testbed.gateway.program.stop();
    await until(lines, ({ msg }) => msg === 'stopping -> stopped');
    expect(await ended).toEqual(STOPPED);
  });

  test('has its last lines on stderr when that is read only while it ends', async () => {
    using pipe = new StderrPipe();
    await using testbed = await Testbed.start({ within: { gateway: pipe.within('info') } });
    await drainUntilDropped(testbed);
    const ended = testbed.gateway.program.stop();
    await expect.poll(async () => (await testbed.client.status()).body.gateway_state).toBe('stopped');
    await until(pipe.lines(), ({ msg }) => msg === 'stopping -> stopped');
    expect(await ended).toEqual(STOPPED);
  });
});

describe('a dashboard whose stderr is not read', () => {
  test('answers as ever, counts the lines that it drops, tells them when read, and ends by SIGTERM', async () => {
    using pipe = new StderrPipe();
    await using testbed = await Testbed.start({ within: { dashboard: pipe.within('debug') } });
    const { url, program } = testbed.dashboard;
    // The path is in the log, but not what it asks for.
    const path = `/${'x'.repeat(4_000)}`;
    for (let count = 0; count < TIMES || (await metric(url, DROPPED)) === 0; count += 1) {
      expect(count).toBeLessThan(BOUND);
      expect((await fetch(url + path)).status).toBe(404);
    }
    await answers(testbed);
    const gap = await until(pipe.lines(), ({ dropped }) => dropped !== undefined);
    expect(gap.dropped).toBeGreaterThan(0);
    expect(await program.stop()).toEqual(STOPPED);
  });

  test('ends by SIGTERM while it is still not read', async () => {
    using pipe = new StderrPipe();
    await using testbed = await Testbed.start({ within: { dashboard: pipe.within('debug') } });
    for (let count = 0; count < TIMES; count += 1) await fetch(`${testbed.dashboard.url}/${'x'.repeat(4_000)}`);
    expect(await testbed.dashboard.program.stop()).toEqual(STOPPED);
  });
});

/** Begins and cancels drains, 200 at least, until the gateway has dropped lines of its log. */
async function drainUntilDropped({ client, gateway }: Testbed): Promise<void> {
  for (let count = 0; count < TIMES || (await metric(gateway.url, DROPPED)) === 0; count += 1) {
    expect(count).toBeLessThan(BOUND);
    expect((await client.beginDrain({ reason: 'r'.repeat(500) })).status).toBe(200);
    await expect.poll(async () => (await client.ready()).status).toBe(503);
    expect((await client.cancelDrain()).status).toBe(200);
    await expect.poll(async () => (await client.ready()).status).toBe(200);
  }
}

async function answers({ client, gateway, dashboard }: Testbed): Promise<void> {
  for (const { url } of [gateway, dashboard]) expect((await fetch(`${url}/livez`)).status).toBe(200);
  expect(await client.say('s', 'hello')).toMatchObject({ status: 200, body: { reply: 'hello' } });
}

async function until<T>(values: AsyncGenerator<T>, isIt: (value: T) => boolean): Promise<T> {
  for (;;) {
    const { done, value } = await values.next();
    if (done) throw new Error('the log has ended before');
    if (isIt(value)) return value;
  }
}
