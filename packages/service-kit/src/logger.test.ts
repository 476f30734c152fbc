import { describe, expect, it } from 'vitest';
import { commandLine, run } from './testing/programs.ts';

/** The lines that the log has of a program that was killed right after its last one. */
function linesAt(level: string): Record<string, unknown>[] {
  const { signal, output } = run(commandLine('log', level));
  expect({ signal, stdout: output[1] }).toEqual({ signal: 'SIGKILL', stdout: '' });
  return (output[2] ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a log', () => {
  it('has its lines on stderr at once, and no secret in them', () => {
    const lines = linesAt('info');
    expect(lines).toEqual([
      expect.objectContaining({
        name: 'kit-test',
        msg: 'first',
        session: 's-1',
        req: { method: 'GET', headers: { authorization: '[Redacted]', host: 'example' } },
        headers: { authorization: '[Redacted]' },
        key: '[Redacted]',
        secret: '[Redacted]',
        token: '[Redacted]',
      }),
    ]);
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });

  it.each([
    ['trace', ['first', 'second']],
    ['debug', ['first', 'second']],
    ['info', ['first']],
    ['warn', []],
    ['silent', []],
  ])('at the level %s has the lines %j', (level, messages) => {
    expect(linesAt(level).map((line) => line.msg)).toEqual(messages);
  });
});
