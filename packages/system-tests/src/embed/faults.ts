import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drainRequestPath } from '@hermes/drain-contract';
import { freeze } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { expect } from 'vitest';
import { drawGarbage } from '../live/torture/faults/garbage.ts';
import type { MovableClock } from '../live/torture/movable-clock.ts';
import type { Rng } from '../live/torture/rng.ts';
import { type Chatters, SHORT } from './chatters.ts';
import type { DocumentedServer } from './documented-server.ts';

export interface World {
  readonly server: DocumentedServer;
  readonly chatters: Chatters;
  readonly clock: MovableClock | undefined;
  readonly rng: Rng;
}

/** Happens to a server that admits turns, and leaves it so. Each ends in `expectAdmitted`. */
export const FAULTS: Readonly<Record<string, (world: World) => Promise<void>>> = {
  'kill in the middle of a turn': async ({ server }) => {
    const text = await holdTurn(server);
    await server.program.kill('SIGKILL');
    await server.run();
    await eventually(() => expect(server.model.abandoned).toContain(text));
    await server.published({ gateway_state: 'running' });
  },

  'kill under a drain': async ({ server, chatters }) => {
    await server.operator.beginDrain();
    await chatters.hold(async () => {
      await server.program.kill('SIGKILL');
      await server.run();
      await expectRefused(server, 'draining');
    });
    await server.operator.cancelDrain();
  },

  'begin while it is stopped': async ({ server, chatters }) => {
    await freeze(server.program.pid);
    await server.operator.beginDrain();
    await chatters.hold(async () => {
      server.program.child.kill('SIGCONT');
      await expectRefused(server, 'draining');
    });
    await server.operator.cancelDrain();
  },

  'garbage for a marker': async ({ server, chatters, rng }) => {
    await replaceMarker(server, drawGarbage(rng));
    await chatters.hold(() => expectRefused(server, 'draining'));
    await removeMarker(server);
  },

  'a truncated marker': async ({ server, chatters, rng }) => {
    await server.operator.beginDrain();
    await chatters.hold(async () => {
      const marker = drainRequestPath({ home: server.home });
      const { length } = await readFile(marker);
      await truncate(marker, Math.floor(rng.between(0, length)));
      await expectRefused(server, 'draining');
    });
    await removeMarker(server);
  },

  'a link for a marker': async ({ server }) => {
    const target = join(server.home, 'target');
    await writeFile(target, '{"action":"drain"}');
    await symlink(target, drainRequestPath({ home: server.home }));
    await expectAdmitted(server);
    await removeMarker(server);
  },

  'a directory for a marker': async ({ server }) => {
    await mkdir(drainRequestPath({ home: server.home }));
    await expectAdmitted(server);
    await removeMarker(server);
  },

  'the home is away': async ({ server, chatters }) => {
    const url = await server.url();
    await rename(server.home, `${server.home}.away`);
    await expectMissed(server, chatters, url);
    await bringBack(server);
  },

  'another directory at the path of the home': async ({ server, chatters }) => {
    const url = await server.url();
    await rename(server.home, `${server.home}.away`);
    await mkdir(server.home);
    await expectMissed(server, chatters, url);
    expect(existsSync(join(server.home, 'gateway_state.json'))).toBe(false);
    await bringBack(server);
  },

  'a state that cannot be written': async ({ server }) => {
    const url = await server.url();
    const state = join(server.home, 'gateway_state.json');
    await eventually(async () => {
      await rm(state, { recursive: true, force: true });
      await mkdir(join(state, 'full'), { recursive: true });
    });
    await eventually(() => expectRefused(server, 'storage', url));
    await rm(state, { recursive: true });
    await eventually(() => server.url());
  },

  'a clock that jumps': async ({ server, clock }) => {
    if (clock === undefined) return;
    await server.operator.beginDrain();
    clock.move(86_400);
    await eventually(() => expectAdmitted(server));
    clock.move(0);
    await eventually(() => expectRefused(server, 'draining'));
    await server.operator.cancelDrain();
  },

  'a clock that is set back': async ({ server, clock }) => {
    if (clock === undefined) return;
    clock.move(-3_600);
    await eventually(() => expectAdmitted(server));
    clock.move(0);
  },
};

export async function expectAdmitted(server: DocumentedServer): Promise<void> {
  const response = await server.chat('tester', SHORT);
  expect({ status: response.status, text: await response.text() }).toEqual({ status: 200, text: SHORT });
}

async function expectRefused(server: DocumentedServer, word: string, url?: string): Promise<void> {
  const response = await server.chat('tester', SHORT, undefined, url);
  expect({ status: response.status, text: await response.text() }).toEqual({
    status: 503,
    text: expect.stringContaining(word),
  });
}

/** The server has noticed that its home is gone, which may take a moment, and admits no turn from then on. */
async function expectMissed(server: DocumentedServer, chatters: Chatters, url: string): Promise<void> {
  await eventually(() => expectRefused(server, 'storage', url));
  await chatters.hold(() => expectRefused(server, 'storage', url));
}

/** Begins a turn that lasts. @returns its text. */
async function holdTurn(server: DocumentedServer): Promise<string> {
  const text = `held-${performance.now()}`;
  const asked = server.chat('held', text).then((response) => response.text());
  asked.catch(() => undefined);
  await server.model.send(text, 'begin ');
  return text;
}

async function replaceMarker({ home }: DocumentedServer, content: string): Promise<void> {
  await writeFile(join(home, 'draft'), content);
  await rename(join(home, 'draft'), drainRequestPath({ home }));
}

async function removeMarker({ home }: DocumentedServer): Promise<void> {
  await rm(drainRequestPath({ home }), { recursive: true });
}

/** The dashboard may have made files in the directory that is there instead. */
async function bringBack({ home }: DocumentedServer): Promise<void> {
  await eventually(async () => {
    await rm(home, { recursive: true, force: true });
    await rename(`${home}.away`, home);
  });
}
