import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DESIRED_STATE_FILENAME, formatIsoDateTime, GATEWAY_STATE_FILENAME } from '@hermes/drain-contract';
import { gatewayState } from '../../../live/gateway-state.ts';

const AT_ONCE = 50;

/** Writes what a number of gateways leave behind that rest: `plan-00000` and so on. Not durably, which would take long. */
export async function plant(home: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += AT_ONCE) {
    const some = Math.min(AT_ONCE, count - index);
    await Promise.all(
      Array.from({ length: some }, (_, offset) => plantOne(join(home, 'profiles', nameOf(index + offset)))),
    );
  }
}

export function nameOf(index: number): string {
  return `plan-${String(index).padStart(5, '0')}`;
}

async function plantOne(home: string): Promise<void> {
  const intent = { desired_state: 'running', updated_at: formatIsoDateTime(Date.now()) };
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'SOUL.md'), '');
  await writeFile(join(home, DESIRED_STATE_FILENAME), JSON.stringify(intent));
  await writeFile(join(home, GATEWAY_STATE_FILENAME), JSON.stringify(gatewayState()));
}
