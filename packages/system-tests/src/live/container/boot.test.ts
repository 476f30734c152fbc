import { writeFileSync } from 'node:fs';
import { gatewayStatePath, readGatewayState } from '@hermes/drain-contract';
import { expect, test } from 'vitest';
import { Container } from './container.ts';
import { slots, untilReady } from './slots.ts';
import { describeContainers } from './suite.ts';
import { Volume } from './volume.ts';

/** Seconds that Docker is told to give the container. */
const STOP_GRACE_OF_THE_README = 110;

describeContainers('a boot', () => {
  test('of an empty volume makes the slot of the default profile, and leaves it down', async () => {
    await using volume = await Volume.create();
    await using container = await Container.boot({ volume });
    await expect.poll(() => slots(container)).toMatchObject(new Map([['default', { state: 'down' }]]));
    expect(container.logs).toContain('profile=default prior_state=None action=registered');
  });

  test('brings the gateways up that are meant to run, and no other', async () => {
    await using volume = await Volume.create();
    await volume.addProfile('anna', { intent: 'running' });
    await volume.addProfile('bert', { intent: 'stopped' });
    await using container = await Container.boot({ volume });
    await untilReady(container, 'anna');
    const listed = await slots(container);
    expect([...listed.keys()].sort()).toEqual(['anna', 'bert', 'default']);
    expect(listed.get('bert')).toMatchObject({ state: 'down' });
    expect(listed.get('default')).toMatchObject({ state: 'down' });
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

  test('has a dashboard that drains the gateway and knows when it is safe to stop', async () => {
    await using volume = await Volume.create();
    await volume.addProfile('default', { intent: 'running' });
    await using container = await Container.boot({ volume, dashboard: true });
    await untilReady(container);
    const client = await operator(container);
    const begun = await client.beginDrain({ reason: 'update' });
    expect((await client.untilDrained()).body).toMatchObject({ safe_to_stop: true, request_id: begun.body.request_id });
    expect((await client.say('s', 'hello')).status).toBe(503);
    await client.cancelDrain();
    expect((await client.say('s', 'hello')).status).toBe(200);
  });
});

describeContainers('a restart of the container', () => {
  test('brings a running gateway back', async () => {
    await using volume = await Volume.create();
    await volume.addProfile();
    await using container = await Container.boot({ volume });
    expect(await container.exec(['hermes-s6', 'start', 'default'])).toMatchObject({ code: 0 });
    expect(await container.restart()).toMatchObject({ code: 0, graceful: true });
    await untilReady(container);
  });

  test('leaves a stopped gateway down', async () => {
    await using volume = await Volume.create();
    await volume.addProfile('default', { intent: 'running' });
    await using container = await Container.boot({ volume });
    await untilReady(container);
    expect(await container.exec(['hermes-s6', 'stop', 'default'])).toMatchObject({ code: 0 });
    await container.restart();
    await expect.poll(() => slots(container)).toMatchObject(new Map([['default', { state: 'down' }]]));
    expect(container.logs).toContain('prior_state=stopped action=registered');
  });

  test('brings a draining gateway back, running and accepting', async () => {
    await using volume = await Volume.create();
    await volume.addProfile('default', { intent: 'running' });
    await using container = await Container.boot({ volume, dashboard: true });
    await untilReady(container);
    await (await operator(container)).beginDrain();
    await expect.poll(() => readGatewayState({ home: volume.home() })?.gateway_state).toBe('draining');
    expect(await container.restart()).toMatchObject({ graceful: true });
    await untilReady(container);
    expect((await (await operator(container)).say('s', 'hello')).status).toBe(200);
    expect(readGatewayState({ home: volume.home() })?.gateway_state).toBe('running');
  });
});

describeContainers('the end of the container', () => {
  test('lets a turn in flight finish and delivers its answer', async () => {
    await using volume = await Volume.create();
    await volume.addProfile('default', { intent: 'running', turn: 2_000, grace: 20 });
    await using container = await Container.boot({ volume });
    await untilReady(container);
    const answer = (await container.client()).say('s', 'nearly done');
    await expect.poll(() => readGatewayState({ home: volume.home() })?.active_agents).toBe(1);
    const stopped = container.stop();
    expect(await answer).toMatchObject({ status: 200, body: { reply: 'nearly done' } });
    expect(await stopped).toEqual({ code: 0, signal: null, graceful: true });
    expect(readGatewayState({ home: volume.home() })).toMatchObject({
      gateway_state: 'stopped',
      exit: { signal: 'SIGTERM', interrupted: 0 },
    });
  });

  test('has limits that nest, also around a gateway that takes its time', async () => {
    await using volume = await Volume.create();
    await volume.addProfile('default', { intent: 'running', grace: 30 });
    await using container = await Container.boot({ volume });
    const doctor = (seconds: number) => container.exec(['hermes-s6', 'doctor', '--stop-grace', String(seconds)]);
    await untilReady(container);
    expect(await doctor(STOP_GRACE_OF_THE_README)).toMatchObject({ code: 0 });
    await volume.addProfile('slow', { intent: 'running', grace: 600 });
    await container.restart();
    await untilReady(container, 'slow');
    // What the gateway says of its grace once it runs is what the next boot goes by.
    await container.restart();
    await untilReady(container, 'slow');
    expect((await doctor(STOP_GRACE_OF_THE_README)).stdout).toMatch(/FAIL slow: container stop/);
    expect(await doctor(700)).toMatchObject({ code: 0 });
  });

  test('gives a gateway the time that it has asked for since its slot was made', async () => {
    await using volume = await Volume.create();
    await volume.addProfile('default', { intent: 'running', grace: 600 });
    await using container = await Container.boot({ volume });
    await untilReady(container);
    expect(container.logs).not.toContain('a stop of the container may take');
    expect(await container.stop()).toMatchObject({ graceful: true });
    expect(container.logs).toMatch(/a stop of the container may take 6\d\d s/);
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

  test('in the middle of a turn by a power cut does not keep the gateway from coming back', async () => {
    await using volume = await Volume.create();
    await volume.addProfile('default', { intent: 'running', turn: 20_000 });
    await using container = await Container.boot({ volume });
    await untilReady(container);
    const lost = (await container.client()).say('s', 'lost').catch(() => 'lost');
    await expect.poll(() => readGatewayState({ home: volume.home() })?.active_agents).toBe(1);
    await container.pullThePlug();
    expect(await lost).toBe('lost');
    await container.start();
    await untilReady(container);
  });
});

describeContainers('the gateways', () => {
  test('outlive their s6-svscan with their turns, and are supervised again afterwards', async () => {
    await using volume = await Volume.create();
    await volume.addProfile('default', { intent: 'running', turn: 2_000, grace: 20 });
    await using container = await Container.boot({ volume });
    await untilReady(container);
    const before = (await slots(container)).get('default')?.pid;
    const answer = (await container.client()).say('s', 'nearly done');
    await expect.poll(() => readGatewayState({ home: volume.home() })?.active_agents).toBe(1);
    await container.exec(['s6-svc', '-k', '/run/service/gateways']);
    expect(await answer).toMatchObject({ status: 200, body: { reply: 'nearly done' } });
    await expect.poll(async () => (await slots(container)).get('default')?.pid, { timeout: 30_000 }).not.toBe(before);
    await untilReady(container);
    expect(await container.exec(['hermes-s6', 'stop', 'default'])).toMatchObject({ code: 0 });
    expect(await container.stop()).toMatchObject({ graceful: true });
  });
});

/** The client of the default profile, once the dashboard has its token. */
async function operator(container: Container) {
  await expect
    .poll(async () => (await fetch(`${container.dashboardUrl}/livez`).catch(() => undefined))?.status)
    .toBe(200);
  return container.client();
}
