import { describe, expect, it } from 'vitest';
import { StorageHealth } from './storage-health.ts';

describe('StorageHealth', () => {
  it('has no problem until one is reported, names the cause before its effects, and has none after every part works again', () => {
    const health = new StorageHealth();
    expect(health.problem).toBeUndefined();
    health.report('state', 'the state cannot be written');
    health.report('volume', 'the home is gone');
    expect(health.problem).toBe('the home is gone');
    health.report('volume', undefined);
    expect(health.problem).toBe('the state cannot be written');
    health.report('state', undefined);
    expect(health.problem).toBeUndefined();
  });

  it('emits a change only when the answer changes', () => {
    const health = new StorageHealth();
    const changes: (string | undefined)[] = [];
    health.on('change', (problem) => changes.push(problem));
    health.report('journal', undefined);
    health.report('journal', 'full');
    health.report('journal', 'full');
    health.report('state', 'full, too');
    health.report('state', undefined);
    health.report('journal', undefined);
    expect(changes).toEqual(['full', undefined]);
  });
});
