import { mkdirSync, writeFileSync } from 'node:fs';
import { temporaryDirectory } from '@hermes/test-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gatewayState } from '../testing/gateway-states.ts';
import { readGatewayState } from './file.ts';
import { gatewayStatePath } from './path.ts';
import { readRestartPolicyView } from './restart-policy.ts';

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 1 }),
  fc.constantFrom(0, -0, -1, 0.5, 1e308, 'running', '', null, true),
);
const fields = ['gateway_state', 'desired_state', 'restart_drain_timeout', 'stop_timeout', '__proto__'];
const body = fc.dictionary(fc.constantFrom(...fields, 'other'), anything);
// Numbers that JSON can hold and JavaScript cannot write.
const infinite = fc.constantFrom(...fields).map((field) => `{"${field}":1e999,"stop_timeout":-1e999}`);
const text = fc.oneof(
  body.map((value) => JSON.stringify(value)),
  infinite,
  fc.json(),
  fc.string(),
);

describe('what decides at boot', () => {
  it('is what the whole state says, whatever the file holds', () => {
    const home = temporaryDirectory();
    fc.assert(
      fc.property(text, (written) => {
        writeFileSync(gatewayStatePath({ home }), written);
        const view = readGatewayState({ home });
        expect(readRestartPolicyView({ home })).toEqual(
          view && {
            gateway_state: view.gateway_state,
            desired_state: view.desired_state,
            restart_drain_timeout: view.restart_drain_timeout,
            stop_timeout: view.stop_timeout,
          },
        );
      }),
    );
  });

  it('is there when a gateway has written its state, and absent when there is none', () => {
    const home = temporaryDirectory();
    expect(readRestartPolicyView({ home })).toBeUndefined();
    writeFileSync(gatewayStatePath({ home }), JSON.stringify(gatewayState({ stop_timeout: 7 })));
    expect(readRestartPolicyView({ home })).toMatchObject({ gateway_state: 'running', stop_timeout: 7 });
  });

  it('is not there in a directory of that name', () => {
    const home = temporaryDirectory();
    mkdirSync(gatewayStatePath({ home }));
    expect(readRestartPolicyView({ home })).toBeUndefined();
  });
});
