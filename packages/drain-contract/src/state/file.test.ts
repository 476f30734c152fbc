import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { gatewayState } from '../testing/gateway-states.ts';
import { readGatewayState, writeGatewayState } from './file.ts';
import { gatewayStatePath } from './path.ts';

describe('the state file', () => {
  it('is read as it was written', async () => {
    const home = temporaryDirectory();
    const state = gatewayState({ gateway_state: 'draining' });
    await writeGatewayState(state, { home });
    expect(gatewayStatePath({ home })).toBe(join(home, 'gateway_state.json'));
    expect(readdirSync(home)).toEqual(['gateway_state.json']);
    expect(readGatewayState({ home })).toEqual({ ...state, desired_state: null });
  });

  it.each(['', '{', '[]', 'null', '"running"', '\ufeff{}', `{"x":"${'a'.repeat(65_536)}"}`])(
    'says nothing when it is corrupt: %.20j',
    (text) => {
      const home = temporaryDirectory();
      writeFileSync(gatewayStatePath({ home }), text);
      expect(readGatewayState({ home })).toBeUndefined();
    },
  );

  it('says nothing when it is missing, or a directory', () => {
    const home = temporaryDirectory();
    expect(readGatewayState({ home })).toBeUndefined();
    mkdirSync(gatewayStatePath({ home }));
    expect(readGatewayState({ home })).toBeUndefined();
  });

  it('keeps the old state when a new one cannot be written', async () => {
    const home = temporaryDirectory();
    await expect(writeGatewayState(gatewayState(), { home: join(home, 'nowhere') })).rejects.toMatchObject({
      code: 'home_missing',
    });
    await writeGatewayState(gatewayState(), { home });
    const before = readFileSync(gatewayStatePath({ home }), 'utf8');
    const unwritable = gatewayState({ pid: 1n as unknown as number });
    await expect(writeGatewayState(unwritable, { home })).rejects.toThrow(TypeError);
    expect(readFileSync(gatewayStatePath({ home }), 'utf8')).toBe(before);
  });
});
