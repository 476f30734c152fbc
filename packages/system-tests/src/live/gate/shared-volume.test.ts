import { beforeEach, expect, test } from 'vitest';
import { drives } from '../../platforms/drives.ts';
import { Container } from '../container/container.ts';
import { layer } from '../container/layer.ts';
import { describeContainers } from '../container/suite.ts';
import { note, since } from './figures.ts';
import { send } from './people.ts';
import { useStage } from './stage.ts';
import { until, untilAlive } from './until.ts';

drives('image-in-namespaces', 'two containers on one volume', { s6: 'dpkg-query -W s6', Node: 'node --version' });

/** A container for the dashboard alone. */
const NO_GATEWAYS = { '/etc/cont-init.d/02-reconcile-profiles': '#!/bin/sh\nexit 0\n' };

describeContainers('two containers on one volume', () => {
  const stage = useStage({ turn: 500, grace: 20 });
  beforeEach(() => stage.reset());

  test('drain: the dashboard of the one drains the gateway of the other', async (context) => {
    await using sidecar = await Container.boot({
      volume: stage.volume,
      name: 'sidecar',
      dashboard: true,
      layer: layer(NO_GATEWAYS),
    });
    await untilAlive(sidecar.dashboardUrl);
    expect(sidecar.startTime()).not.toBe(stage.container.startTime());
    const client = await sidecar.client();
    const publication = stage.published((state) => state.gateway_state === 'draining');
    const asked = performance.now();
    const begun = await client.beginDrain({ reason: 'from next door' });
    await publication;
    note(context, { asked_to_published_ms: since(asked) });
    expect((await client.untilDrained()).body).toMatchObject({ safe_to_stop: true, request_id: begun.body.request_id });
    expect(await say('hello?')).toMatchObject({ status: 503, body: { code: 'draining' } });
    expect(await client.cancelDrain()).toMatchObject({ body: { was_draining: true } });
    await stage.untilUp();
    expect(await say('hello')).toMatchObject({ status: 200 });
  });

  test('by mistake: the gateway of the second stands by, says why, and takes over when the first ends', async (context) => {
    const serving = stage.state?.started_at;
    await using second = await Container.boot({ volume: stage.volume, name: 'second', dashboard: true });
    const why = await until('the second says why it waits', () => whyItWaits(second));
    expect(why).toContain('another gateway');
    await expect.poll(() => second.logs).toContain('profile=default prior_state=running action=started');
    expect(stage.state).toMatchObject({ gateway_state: 'running', started_at: serving });
    expect(await say('who is there?')).toMatchObject({ status: 200, body: { reply: 'who is there?' } });

    const ended = performance.now();
    expect(await stage.container.stop()).toMatchObject({ graceful: true });
    await stage.published((state) => state.gateway_state === 'running' && state.started_at !== serving);
    note(context, { taken_over_after_ms: since(ended) });
    expect(await say('and now?')).toMatchObject({ status: 200, body: { reply: 'and now?' } });
    expect(stage.state?.epoch).toContain(second.startTime());
    expect(await second.stop()).toMatchObject({ graceful: true });
  });

  function say(text: string) {
    return send(stage.url, { session: 'anna', text, message_id: crypto.randomUUID() });
  }
});

function whyItWaits(container: Container): string | undefined {
  return container.logs.split('\n').find((line) => line.includes('standing by'));
}
