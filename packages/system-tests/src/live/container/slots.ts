import { expect } from 'vitest';
import type { Container } from './container.ts';

/** What `hermes-s6 list --json` says of a slot. */
export interface ListedSlot {
  readonly profile: string;
  readonly state: string;
  readonly ready: boolean;
  readonly pid: number | null;
}

/** Every slot of the container, by its profile. @throws Error with what the command said. */
export async function slots(container: Container): Promise<ReadonlyMap<string, ListedSlot>> {
  const { code, stdout, stderr } = await container.exec(['hermes-s6', 'list', '--json']);
  if (code !== 0) throw new Error(`hermes-s6 list ended with ${code}: ${stderr}`);
  const listed = JSON.parse(stdout) as { readonly slots: readonly ListedSlot[] };
  return new Map(listed.slots.map((slot) => [slot.profile, slot]));
}

/** Waits until a profile's gateway is up and ready. */
export async function untilReady(container: Container, profile = 'default'): Promise<void> {
  await expect
    .poll(async () => (await slots(container)).get(profile), { timeout: 120_000 })
    .toMatchObject({ state: 'running', ready: true });
}
