import { watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it, onTestFinished } from 'vitest';
import { shutDown } from './shutdown.ts';
import { GatewayProcess, startGateway } from './testing/gateway-process.ts';
import { bodyOf, eventsOf, httpGateway } from './testing/http-gateway.ts';
import { putMarker } from './testing/markers.ts';
import { type Answer, modelServer, saying } from './testing/model-server.ts';
import { quietLog } from './testing/quiet-log.ts';

const HELLO = { session: 's', text: 'hello' };
const NEVER_ENDS = 3_600_000;

/** A gateway whose turns last `delay` ms, and which gives them `grace` s when it stops. */
function gatewayWith(options: { delay?: number; grace: number }): Promise<GatewayProcess> {
  const home = temporaryDirectory();
  writeFileSync(join(home, 'config.yaml'), `agent: {delay_ms: ${options.delay ?? 0}}\n`);
  return startGateway({ home, environment: { HERMES_RESTART_DRAIN_TIMEOUT: String(options.grace) } });
}

/** A gateway whose turns last until they are released. */
async function gatewayOnHold() {
  const released = Promise.withResolvers<void>();
  const answer: Answer = (response) => void released.promise.then(() => saying('said')(response));
  const model = await modelServer(answer);
  const home = temporaryDirectory();
  writeFileSync(join(home, 'config.yaml'), `agent: {kind: openai, base_url: '${model.baseUrl}', model: m}\n`);
  const environment = { HERMES_RESTART_DRAIN_TIMEOUT: '600' };
  return { gateway: await startGateway({ home, environment }), release: () => released.resolve() };
}

/** Waits until the gateway itself reports these values. */
async function figures(gateway: GatewayProcess, active: number, waiting: number): Promise<void> {
  await eventually(async () =>
    expect(await fetch(`${gateway.url}/readyz?verbose`).then(bodyOf)).toMatchObject({
      active_agents: active,
      queued_turns: waiting,
    }),
  );
}

async function reached(gateway: GatewayProcess, state: string): Promise<void> {
  await eventually(() => expect(gateway.state?.gateway_state).toBe(state));
}

describe.each(['SIGTERM', 'SIGINT'] as const)('a gateway that gets %s', (signal) => {
  it('exits by it when idle, and publishes how it ended', async () => {
    const gateway = await gatewayWith({ grace: 30 });
    gateway.kill(signal);
    expect(await gateway.exited).toMatchObject({ code: null, signal });
    expect(gateway.state).toMatchObject({
      gateway_state: 'stopped',
      active_agents: 0,
      pid: gateway.pid,
      exit: { at: expect.any(String), signal, code: null, reason: 'signal', interrupted: 0 },
    });
  });

  it('lets the running turn finish and delivers its answer, and refuses new ones meanwhile', async () => {
    const { gateway, release } = await gatewayOnHold();
    const answer = gateway.post(HELLO);
    await figures(gateway, 1, 0);
    gateway.kill(signal);
    await reached(gateway, 'stopping');
    const refused = await gateway.post({ ...HELLO, session: 'other' });
    expect([refused.status, await bodyOf(refused)]).toEqual([503, expect.objectContaining({ code: 'stopping' })]);
    expect(gateway.state?.active_agents).toBe(1);
    release();
    expect(await answer.then(bodyOf)).toMatchObject({ status: 'done', reply: 'said' });
    expect(await gateway.exited).toMatchObject({ signal });
    expect(gateway.state).toMatchObject({ gateway_state: 'stopped', exit: { interrupted: 0 } });
  });
});

describe('a gateway that stops', () => {
  it.each([0, 0.2])(
    'interrupts running turns after a grace period of %f s, and answers their clients',
    async (grace) => {
      const gateway = await gatewayWith({ delay: NEVER_ENDS, grace });
      const answer = gateway.post(HELLO);
      await figures(gateway, 1, 0);
      gateway.kill('SIGTERM');
      const response = await answer;
      expect([response.status, response.headers.get('retry-after')]).toEqual([422, null]);
      expect(await bodyOf(response)).toMatchObject({
        code: 'turn-interrupted',
        detail: expect.stringContaining('resume'),
      });
      expect(await gateway.exited).toMatchObject({ signal: 'SIGTERM' });
      expect(gateway.state).toMatchObject({ gateway_state: 'stopped', active_agents: 0, exit: { interrupted: 1 } });
    },
  );

  it('does not wait for the grace after a second signal, and dies by the first', async () => {
    const gateway = await gatewayWith({ delay: NEVER_ENDS, grace: 3_600 });
    const answer = gateway.post(HELLO);
    await figures(gateway, 1, 0);
    gateway.kill('SIGTERM');
    await reached(gateway, 'stopping');
    gateway.kill('SIGINT');
    expect((await answer).status).toBe(422);
    expect(await gateway.exited).toMatchObject({ signal: 'SIGTERM' });
    expect(gateway.state?.exit).toMatchObject({ signal: 'SIGTERM', interrupted: 1 });
  });

  it('keeps a message that is queued behind a running turn, reports that, and the next process answers it', async () => {
    const { gateway, release } = await gatewayOnHold();
    const behind = { ...HELLO, text: 'behind', message_id: 'm1' };
    const [running, waiting] = [gateway.post(HELLO), figures(gateway, 1, 0).then(() => gateway.post(behind))];
    await figures(gateway, 1, 1);
    gateway.kill('SIGTERM');
    const response = await waiting;
    const received = await bodyOf(response);
    expect([response.status, received]).toEqual([202, expect.objectContaining({ status: 'accepted' })]);
    release();
    expect((await running).status).toBe(200);
    expect(await gateway.exited).toMatchObject({ signal: 'SIGTERM' });
    expect(gateway.state?.exit?.interrupted).toBe(0);

    const next = await startGateway({ home: gateway.home });
    const answer = await next.post(behind).then(bodyOf);
    expect(answer).toMatchObject({
      turn_id: (received as { turn_id: string }).turn_id,
      status: 'done',
      reply: 'said',
    });
  });

  it('notifies the session of a running turn before and after its interruption, and then ends its events', async () => {
    const gateway = await gatewayWith({ delay: NEVER_ENDS, grace: 0.2 });
    const events = await fetch(`${gateway.url}/v1/sessions/s/events`, { headers: { accept: 'text/event-stream' } });
    await gateway.post(HELLO, { prefer: 'respond-async' });
    gateway.kill('SIGTERM');
    const received = [];
    for await (const { data } of eventsOf(events)) received.push(data);
    expect(received).toEqual([
      { session: 's', notice: 'stopping', text: expect.stringContaining('up to 0.2 s') },
      expect.objectContaining({ status: 'interrupted', problem: expect.stringContaining('Write again to resume') }),
    ]);
    expect(await gateway.exited).toMatchObject({ signal: 'SIGTERM' });
  });

  it.each([0, 50, 100, 150, 200, 250, 300, 400])(
    'dies by a signal %d ms after its start, and leaves no state that looks alive',
    async (milliseconds) => {
      const gateway = new GatewayProcess({ home: temporaryDirectory() });
      await delay(milliseconds);
      gateway.kill('SIGTERM');
      expect(await gateway.exited).toMatchObject({ code: null, signal: 'SIGTERM' });
      expect([undefined, 'stopped']).toContain(gateway.state?.gateway_state);
    },
  );

  it('leaves no state that looks alive when it is stopped while it publishes its first one', async () => {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const home = temporaryDirectory();
      const watcher = watch(home);
      onTestFinished(() => watcher.close());
      const isPublishing = new Promise<void>((resolve) => {
        watcher.on('change', (_event, name) => String(name).includes('gateway_state') && resolve());
      });
      const gateway = new GatewayProcess({ home });
      await isPublishing;
      gateway.kill('SIGTERM');
      expect(await gateway.exited).toMatchObject({ code: null, signal: 'SIGTERM' });
      expect([undefined, 'stopped']).toContain(gateway.state?.gateway_state);
    }
  });

  it('stops from a drain as well', async () => {
    const gateway = await gatewayWith({ grace: 30 });
    putMarker(gateway.home);
    await reached(gateway, 'draining');
    gateway.kill('SIGTERM');
    expect(await gateway.exited).toMatchObject({ signal: 'SIGTERM' });
    expect(gateway.state).toMatchObject({ gateway_state: 'stopped', drain: null });
  });

  it('is not held up by a client that keeps its connection open, or by one that reads a stream', async () => {
    const gateway = await gatewayWith({ delay: NEVER_ENDS, grace: 0.2 });
    const stream = await gateway.post(HELLO, { accept: 'text/event-stream' });
    await fetch(`${gateway.url}/livez`, { headers: { connection: 'keep-alive' } });
    gateway.kill('SIGTERM');
    expect(await stream.text()).toMatch(/event: turn\ndata: .*"status":"interrupted".*\n\n$/);
    expect(await gateway.exited).toMatchObject({ signal: 'SIGTERM' });
  });

  it('answers what arrives until there is a lull, and only then closes connections', async () => {
    const { gateway, server, url, post } = await httpGateway();
    const [waiting, lull] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const activity = {
      untilLull: () => {
        waiting.resolve();
        return lull.promise;
      },
    };
    const stopping = shutDown(
      { gateway, server, activity, journal: { close: async () => undefined } },
      {
        ...{ signal: 'SIGTERM', grace: 0, abortTimeoutMs: 0, homeChannels: [] },
        ...{ forceSignal: new AbortController().signal, log: quietLog().log },
      },
    );
    await waiting.promise;
    expect([(await fetch(`${url}/livez`)).status, (await post(HELLO)).status]).toEqual([200, 503]);
    lull.resolve();
    await stopping;
    await expect(fetch(`${url}/livez`)).rejects.toThrow('fetch failed');
  });
});
