import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { LogOutput } from './log-output.ts';
import { EXIT, reportStartupError, StartupError } from './startup-error.ts';

class ContractError extends Error {}

function report(error: unknown): { code: number; said: string } {
  const write = vi.spyOn(LogOutput.prototype, 'write').mockReturnValue();
  onTestFinished(() => write.mockRestore());
  const code = reportStartupError('hermes-x', error, [ContractError]);
  return { code, said: write.mock.calls.map(([text]) => text).join('') };
}

describe('exit codes', () => {
  it('are those that supervisors know', () => {
    expect(EXIT).toEqual({ ok: 0, failure: 1, usage: 2, temporary: 75, config: 78 });
  });
});

describe('reportStartupError', () => {
  it('tells what must be changed in one line, and asks not to be tried again', () => {
    const error = new StartupError('config.yaml:3:\n  port: expected a number', { cause: new Error('deep') });
    expect(report(error)).toEqual({ code: 78, said: 'hermes-x: config.yaml:3: port: expected a number\n' });
  });

  it('knows the classes of errors that the program expects, and nothing by its name', () => {
    const error = new ContractError('no home directory /x');
    expect(report(error)).toEqual({ code: 78, said: 'hermes-x: no home directory /x\n' });
    expect(report(Object.assign(new Error('a bug'), { name: 'ContractError' })).code).toBe(1);
  });

  it.each([
    ['an error of ours', new StartupError('the port\n is taken', { temporary: true })],
    ['one of ours that says why', new StartupError('the port is taken', { cause: { code: 'EADDRINUSE' } })],
    ['one that the program expects', new ContractError('the port is taken', { cause: { code: 'ENOSPC' } })],
    ['one of the system', Object.assign(new Error('the port is taken'), { code: 'EMFILE' })],
  ])('asks to be started again for what passes by itself: %s', (_what, error) => {
    expect(report(error)).toEqual({ code: 75, said: 'hermes-x: the port is taken\n' });
  });

  it('shows the stack of a bug', () => {
    const error = new TypeError('x is not a function');
    expect(report(error)).toEqual({ code: 1, said: `hermes-x: ${error.stack}\n` });
    expect(error.stack).toContain('startup-error.test.ts');
  });

  it.each([
    ['a string', 'boom', 'boom'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['an error that lost its stack', Object.assign(new Error('bare'), { stack: undefined }), 'bare'],
  ])('takes %s for a bug, too', (_what, thrown, said) => {
    expect(report(thrown)).toEqual({ code: 1, said: `hermes-x: ${said}\n` });
  });
});
