import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GatewayState } from '@hermes/drain-contract';

/** Who owns the volume, and the skeletons in the slots, when the bench runs as root. */
export const OWNER = process.geteuid?.() === 0 ? '10000:10000' : undefined;

const OBSERVED = ['running', 'draining', 'stopped', 'running', 'startup_failed', 'degraded', 'starting'];
const INTENDED = ['running', undefined, 'stopped', undefined];

/** Makes a root home with this many profiles, `default` among them, in mixed states. @returns its path. */
export function makeHome(home: string, profiles: number): string {
  mkdirSync(join(home, 'profiles'), { recursive: true });
  writeState(home, 0);
  for (let index = 1; index < profiles; index += 1) {
    const profile = join(home, 'profiles', profileName(index));
    mkdirSync(profile);
    writeFileSync(join(profile, 'SOUL.md'), 'You are kind.\n');
    writeState(profile, index);
  }
  if (OWNER) execFileSync('chown', ['-R', OWNER, home]);
  return home;
}

/** All of the same length, so that programs in C may fill them in. */
export function profileName(index: number): string {
  return `p${String(index).padStart(6, '0')}`;
}

function writeState(profile: string, index: number): void {
  writeFileSync(join(profile, 'gateway_state.json'), JSON.stringify(stateOf(index), null, 2));
  const intent = INTENDED[index % INTENDED.length];
  if (intent === undefined) return;
  const body = { desired_state: intent, updated_at: '2026-01-01T00:00:00.000000+00:00' };
  writeFileSync(join(profile, 'desired_state.json'), JSON.stringify(body, null, 2));
}

/** A whole state as a gateway publishes it, in one of the states that gateways were left in, ours or the reference's. */
function stateOf(index: number): Omit<GatewayState, 'gateway_state'> & { readonly gateway_state: string | undefined } {
  return {
    gateway_state: OBSERVED[index % OBSERVED.length],
    active_agents: 0,
    active_work: [],
    drain: null,
    pid: 1_000 + index,
    epoch: '8b6f8d2e-5d6b-4f5e-9c1a-6f0a4f2d9b11:12345',
    endpoint: `http://127.0.0.1:${8_642 + index}`,
    started_at: '2026-01-01T00:00:00.000000+00:00',
    updated_at: '2026-01-01T01:00:00.000000+00:00',
    restart_drain_timeout: 30,
    exit: null,
    version: '0.1.0',
    queued_turns: 0,
    refused_turns: 0,
    stop_timeout: 60,
    turn_timeout: 300,
  };
}
