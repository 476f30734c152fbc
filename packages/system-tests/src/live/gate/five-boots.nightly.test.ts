import { chown, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { desiredStatePath, readDesiredState, readGatewayState } from '@hermes/drain-contract';
import { expect, test } from 'vitest';
import { Container } from '../container/container.ts';
import { slots } from '../container/slots.ts';
import { describeContainers } from '../container/suite.ts';
import { HERMES_UID } from '../container/user.ts';
import { Volume } from '../container/volume.ts';
import { untilAccepting } from './until.ts';

/** Profiles by what the volume says of them before the first boot, and whether their owners want them up. */
const PROFILES: Readonly<Record<string, { readonly state?: object; readonly up: boolean }>> = {
  default: { state: { gateway_state: 'running' }, up: true },
  drained: { state: { gateway_state: 'draining' }, up: true },
  // What the reference system leaves after an ordinary stop.
  migrated: { state: { gateway_state: 'stopped', desired_state: 'running' }, up: true },
  'stopped-before': { state: { gateway_state: 'running', desired_state: 'stopped' }, up: false },
  new: { up: false },
};
/** Five boots of five profiles. */
const TIMEOUT_MS = 300_000;

const NAMES = Object.keys(PROFILES);
const UP = NAMES.filter((name) => PROFILES[name]?.up);

describeContainers('five boots in a row', () => {
  test('bring back each gateway that its owner wants to run, and no other', { timeout: TIMEOUT_MS }, async () => {
    await using volume = await Volume.create();
    for (const name of NAMES) await addProfile(volume, name);
    await using container = await Container.boot({ volume });
    for (let boot = 1; boot <= 5; boot += 1) {
      await Promise.all(UP.map((name) => untilAccepting(volume.url(name))));
      expect(await upAndDown(container), `boot ${boot}`).toEqual(
        new Map(NAMES.map((name) => [name, PROFILES[name]?.up])),
      );
      expect((await container.stop()).graceful, `stop ${boot}`).toBe(true);
      for (const name of UP) expect(readGatewayState({ home: volume.home(name) })?.gateway_state).toBe('stopped');
      await container.start();
    }
    expect(UP.map((name) => readDesiredState({ home: volume.home(name) })?.desired_state)).toEqual(
      UP.map(() => 'running'),
    );
    await expect
      .poll(() => container.logs)
      .toMatch(/profile=new prior_state=None action=registered desired=None reason="no state known"/);
    await expect
      .poll(() => container.logs)
      .toMatch(/profile=stopped-before .*action=registered desired=stopped reason="desired_state in/);
  });

  test('keep the field of the reference system, by which it would bring the gateway back, too', async () => {
    await using volume = await Volume.create();
    await addProfile(volume, 'default', PROFILES.migrated?.state);
    await using container = await Container.boot({ volume });
    await untilAccepting(volume.url());
    await container.stop();
    await rm(desiredStatePath({ home: volume.home() }));
    expect(readGatewayState({ home: volume.home() })).toMatchObject({
      gateway_state: 'stopped',
      desired_state: 'running',
    });
    await container.start();
    await untilAccepting(volume.url());
  });

  test('leave down what the operator stopped in between', async () => {
    await using volume = await Volume.create();
    await addProfile(volume, 'default', { gateway_state: 'running', desired_state: 'running' });
    await using container = await Container.boot({ volume });
    await untilAccepting(volume.url());
    expect(await container.exec(['hermes-s6', 'stop', 'default'])).toMatchObject({ code: 0 });
    for (let boot = 2; boot <= 3; boot += 1) {
      await container.restart();
      expect(await upAndDown(container)).toEqual(new Map([['default', false]]));
    }
  });
});

async function addProfile(volume: Volume, name: string, state = PROFILES[name]?.state): Promise<void> {
  await volume.addProfile(name);
  if (state === undefined) return;
  const path = join(volume.home(name), 'gateway_state.json');
  await writeFile(path, JSON.stringify(state));
  await chown(path, HERMES_UID, HERMES_UID);
}

/** Each profile and whether its gateway is up, once those that are to come up have. */
async function upAndDown(container: Container): Promise<ReadonlyMap<string, boolean>> {
  const listed = await slots(container);
  return new Map(Array.from(listed, ([profile, { state }]) => [profile, state === 'running']));
}
