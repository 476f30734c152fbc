import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatIsoDateTime, writeDesiredState, writeDrainRequest, writeGatewayState } from '@hermes/drain-contract';
import { gatewayState } from './gateway-state.ts';

/** Of every seven profiles, one each is so. */
const KINDS = ['idle', 'busy', 'stalled', 'drained', 'missing', 'stopped', 'draining'] as const;

/** Writes the files of `number` profiles as if gateways had: `plan-000` is idle, `plan-001` busy and so on. */
export async function planProfiles(home: string, number: number): Promise<void> {
  for (let index = 0; index < number; index += 1) {
    const name = `plan-${String(index).padStart(3, '0')}`;
    await planProfile(join(home, 'profiles', name), KINDS[index % KINDS.length] ?? 'idle', index);
  }
}

async function planProfile(home: string, kind: (typeof KINDS)[number], index: number): Promise<void> {
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'SOUL.md'), '');
  await writeDesiredState(kind === 'stopped' ? 'stopped' : 'running', { home });
  if (kind === 'missing') return;
  const turns = kind === 'busy' || kind === 'draining' ? 3 : Number(kind === 'stalled');
  const work = Array.from({ length: turns }, (_, turn) => ({
    id: `turn-${index}-${turn}`,
    kind: 'external',
    session: `session-${index * 3 + turn}`,
    started_at: ago(240 - turn * 70),
    last_progress_at: ago(kind === 'stalled' ? 200 : 6 + turn),
    stalled: kind === 'stalled',
  }));
  const isDraining = kind === 'drained' || kind === 'draining';
  const request = isDraining
    ? await writeDrainRequest({ home, principal: 'release-bot', reason: `image ${index}` })
    : null;
  await writeGatewayState(
    gatewayState({
      gateway_state: kind === 'stopped' ? 'stopped' : isDraining ? 'draining' : 'running',
      active_agents: turns,
      active_work: work,
      drain: request && {
        request_id: request.request_id,
        principal: request.principal,
        reason: request.reason ?? null,
        requested_at: request.requested_at,
        observed_at: ago(0),
        drained_at: turns === 0 ? ago(0) : null,
      },
      started_at: ago(3_600 * (index + 1)),
    }),
    { home },
  );
}

function ago(seconds: number): string {
  return formatIsoDateTime(Date.now() - seconds * 1_000);
}
