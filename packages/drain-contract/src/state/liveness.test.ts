import { describe, expect, it } from 'vitest';
import { gatewayState } from '../testing/gateway-states.ts';
import { formatIsoDateTime } from '../time.ts';
import { isGatewayLive } from './liveness.pure.ts';
import { gatewayStateViewSchema } from './schema.pure.ts';

const T = Date.UTC(2026, 0, 2);

function live(changes: Record<string, unknown>, now = T): boolean {
  const updated_at = formatIsoDateTime(T);
  return isGatewayLive(gatewayStateViewSchema.parse({ ...gatewayState(), updated_at, ...changes }), now);
}

describe('a gateway is live', () => {
  it.each(['starting', 'running', 'draining', 'degraded', 'stopping'])('while it says that it is %s', (state) => {
    expect(live({ gateway_state: state })).toBe(true);
  });

  it.each<[what: string, age: number, expected: boolean]>([
    ['with a heartbeat of now', 0, true],
    ['with one just young enough', 29_999, true],
    ['with one from a clock slightly ahead', -29_999, true],
  ])('%s', (_what, age, expected) => {
    expect(live({}, T + age)).toBe(expected);
  });
});

describe('a gateway is not live', () => {
  it.each(['stopped', 'startup_failed', 'toString', '', null, 5])('when it says that it is %j', (state) => {
    expect(live({ gateway_state: state })).toBe(false);
  });

  it.each([30_000, -30_000, 86_400_000, Number.NaN, Number.POSITIVE_INFINITY])('%d ms after its heartbeat', (age) => {
    expect(live({}, T + age)).toBe(false);
  });

  it.each(['yesterday', '', null, 5, '2026-01-02'])('when its heartbeat is %j', (heartbeat) => {
    expect(live({ updated_at: heartbeat })).toBe(false);
  });

  it('when nothing is known of it', () => {
    expect(isGatewayLive(undefined, T)).toBe(false);
  });
});
