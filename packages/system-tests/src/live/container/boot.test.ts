import { writeFileSync } from 'node:fs';
import { gatewayStatePath, readGatewayState } from '@hermes/drain-contract';
import { expect, test } from 'vitest';
import { Container } from './container.ts';
import { slots, untilReady } from './slots.ts';
import { describeContainers } from './suite.ts';
import { Volume } from './volume.ts';

describeContainers('a boot', () => {
  test('of an empty volume makes the slot of the default profile, and leaves it down', async () => {
    await using volume = await Volume.create();
    await using container = await Container.boot({ volume });
    await expect.poll(() => slots(container)).toMatchObject(new Map([['default', { state: 'stopped' }]]));
    await expect.poll(() => container.logs).toContain('profile=default prior_state=None action=registered');
  });

  test('brings the gateways up that are meant to run, and no other', async () => {
    await using volume = await Volume.create();
    await volume.addProfile('anna', { intent: 'running' });
    await volume.addProfile('bert', { intent: 'stopped' });
    await using container = await Container.boot({ volume });
    await untilReady(container, 'anna');
    const listed = await slots(container);
    expect([...listed.keys()].sort()).toEqual(['anna', 'bert', 'default']);
    expect(listed.get('bert')).toMatchObject({ state: 'stopped' });
    expect(listed.get('default')).toMatchObject({ state: 'stopped' });
    expect((await (await container.client('anna')).say('s', 'hello')).body).toMatchObject({ reply: 'hello' });
    const log = await container.exec(['hermes-s6', 'boot-log']);
    expect(log.stdout).toMatch(/profile=anna prior_state=\S+ action=started/);
  });

  test('runs the gateways of either tree as the unprivileged user, and lets that user control them', async () => {
    for (const tree of ['user', 'root']) {
      await using volume = await Volume.create();
      await volume.addProfile('default', { intent: 'running' });
      const env = {
        HERMES_GATEWAY_TREE: tree,
        ...(tree === 'root' ? { S6_PROFILE_GATEWAY_SCANDIR: '/run/service' } : {}),
      };
      await using container = await Container.boot({ volume, env });
      await untilReady(container);
      const pid = (await slots(container)).get('default')?.pid;
      expect((await container.exec(['ps', '-o', 'user=', '-p', String(pid)])).stdout).toBe('hermes\n');
      expect(await container.exec(['hermes-s6', 'restart', 'default'])).toMatchObject({ code: 0 });
      expect((await slots(container)).get('default')?.pid).not.toBe(pid);
    }
  });
});

describeContainers('the end of the container', () => {
  test('gives a gateway the time that it has asked for since its slot was made', async () => {
    await using volume = await Volume.create();
    await volume.addProfile('default', { intent: 'running', grace: 600 });
    await using container = await Container.boot({ volume });
    await untilReady(container);
    expect(container.logs).not.toContain('a stop of the container may take');
    expect(await container.stop()).toMatchObject({ graceful: true });
    await expect.poll(() => container.logs).toMatch(/a stop of the container may take 6\d\d s/);
  });

  test('does not wait longer for a gateway that hangs than its own limit', async () => {
    await using volume = await Volume.create();
    await volume.addProfile('default', { intent: 'running' });
    await using container = await Container.boot({ volume });
    await untilReady(container);
    const pid = (await slots(container)).get('default')?.pid;
    expect(await container.exec(['kill', '-STOP', String(pid)])).toMatchObject({ code: 0 });
    // It can no longer say that it needs many seconds.
    const path = gatewayStatePath({ home: volume.home() });
    writeFileSync(path, JSON.stringify({ ...readGatewayState({ home: volume.home() }), stop_timeout: 0 }));
    expect(await container.stop({ graceMs: 60_000 })).toEqual({ code: 0, signal: null, graceful: true });
  });
});

describeContainers('the gateways', () => {
  test('outlive their s6-svscan with their turns, and are supervised again afterwards', async () => {
    await using volume = await Volume.create();
    await volume.addProfile('default', { intent: 'running', turn: 5_000, grace: 40 });
    await using container = await Container.boot({ volume });
    await untilReady(container);
    const before = (await slots(container)).get('default')?.pid;
    const answer = (await container.client()).say('s', 'nearly done');
    await expect.poll(() => readGatewayState({ home: volume.home() })?.active_agents).toBe(1);
    await container.exec(['s6-svc', '-k', '/run/service/gateways']);
    expect(await answer).toMatchObject({ status: 200, body: { reply: 'nearly done' } });
    await expect.poll(async () => (await slots(container)).get('default')?.pid, { timeout: 120_000 }).not.toBe(before);
    await untilReady(container);
    expect(await container.exec(['hermes-s6', 'stop', 'default'])).toMatchObject({ code: 0 });
    expect(await container.stop()).toMatchObject({ graceful: true });
  });
});
