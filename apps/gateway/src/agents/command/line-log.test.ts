import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { recordingLog } from '../../testing/recording-log.ts';
import { LineLog } from './line-log.ts';

async function logOf(...writes: (string | Uint8Array)[]) {
  const { log, lines } = recordingLog();
  const stream = new PassThrough();
  const lineLog = new LineLog(stream, log);
  for (const write of writes) stream.write(write);
  stream.end();
  await finished(stream);
  lineLog.flush();
  return { said: lines.flatMap((line) => (line.level === 'info' ? [String(line.stderr)] : [])), lines, lineLog };
}

describe('a LineLog', () => {
  it.each<[what: string, writes: (string | Uint8Array)[], said: string[]]>([
    ['nothing', [], []],
    ['lines that come in pieces', ['o', 'ne\ntw', 'o\n'], ['one', 'two']],
    ['a last line without end', ['one\ntwo'], ['one', 'two']],
    ['ends of line as on another system, and empty lines', ['one\r\n\r\n\n  two\n'], ['one', '  two']],
    ['a character that comes in pieces', [Uint8Array.of(0xe2, 0x82), Uint8Array.of(0xac, 0x0a)], ['€']],
    ['bytes that are no text', [Uint8Array.of(0x61, 0xff, 0x0a)], ['a\ufffd']],
    ['a line that is too long', [`${'x'.repeat(5_000)}\nshort\n`], [`${'x'.repeat(2_000)}…`, 'short']],
  ])('tells of %s', async (_what, writes, said) => {
    const result = await logOf(...writes);
    expect(result.said).toEqual(said);
    expect(result.lineLog.tail).toEqual(said);
  });

  it('does not keep a line that never ends in memory', async () => {
    const { said, lineLog } = await logOf(...Array<string>(3_000).fill('x'.repeat(1_000)));
    expect(said.length).toBeLessThanOrEqual(1_000);
    expect(lineLog.tail.join('').length).toBeLessThan(50_000);
  });

  it('drops lines over the limit, logs that once, and still keeps the last lines', async () => {
    const { said, lines, lineLog } = await logOf(
      Array.from({ length: 5_000 }, (_, index) => `line ${index}\n`).join(''),
    );
    expect([said.length, said.at(-1)]).toEqual([1_000, 'line 999']);
    expect(lines.filter((line) => line.level === 'warn')).toHaveLength(1);
    expect(lineLog.tail).toHaveLength(20);
    expect(lineLog.tail.at(-1)).toBe('line 4999');
  });
});
