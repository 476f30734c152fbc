import { afterEach, describe, expect, it, vi } from 'vitest';
import { isRoot, lacking, runs } from './requirements.ts';

afterEach(() => void vi.restoreAllMocks());

describe('a requirement', () => {
  it('that is not met is reported and skips the test', () => {
    const warned = vi.spyOn(console, 'warn').mockReturnValue();
    expect(lacking('a unicorn', false)).toBe(true);
    expect(warned.mock.calls).toEqual([['skipped, needs a unicorn']]);
  });

  it('that is met is not worth a word', () => {
    const warned = vi.spyOn(console, 'warn').mockReturnValue();
    expect(lacking('a horse', true)).toBe(false);
    expect(warned).not.toHaveBeenCalled();
  });

  it('may be a user, or a command that ends well', () => {
    expect(isRoot()).toBe(process.getuid?.() === 0);
    expect([runs('true'), runs('false'), runs('no-such-command-here')]).toEqual([true, false, false]);
  });
});
