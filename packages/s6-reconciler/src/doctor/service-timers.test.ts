import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { readServiceTimers } from './service-timers.ts';

function service(path: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(path, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

describe('the limits of the service around all gateways', () => {
  it('are those of its directory', () => {
    const path = service(join(temporaryDirectory(), 'gateways'), { 'timeout-kill': '80000', 'timeout-down': '95000' });
    expect(readServiceTimers(path, '/nowhere')).toEqual({ kill: 80, down: 95, source: undefined });
  });

  it('are partly those of the source where s6-rc has compiled the service', () => {
    const directory = temporaryDirectory();
    const live = service(join(directory, 'servicedirs/gateways'), { 'timeout-kill': '80000' });
    const source = service(join(directory, 's6-rc.d/gateways'), { 'timeout-kill': '1', 'timeout-down': '95000' });
    const link = join(directory, 'gateways');
    symlinkSync(live, link);
    expect(readServiceTimers(link, join(directory, 's6-rc.d'))).toEqual({ kill: 80, down: 95, source });
    expect(readServiceTimers(link, '/nowhere')).toMatchObject({ kill: 80, down: undefined });
  });

  it('are none where there is no such service', () => {
    expect(readServiceTimers(join(temporaryDirectory(), 'gateways'))).toBeUndefined();
  });
});
