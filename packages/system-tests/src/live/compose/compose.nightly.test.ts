import { fileURLToPath } from 'node:url';
import { isRoot, lacking, runs } from '@hermes/test-kit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { drives } from '../../platforms/drives.ts';
import { buildImage, buildStandIn, IMAGE } from '../built-image/build.ts';
import { Podman } from '../built-image/podman.ts';
import { Clients } from '../fleet/clients.ts';
import { ComposeProject, composeSettings } from './compose-project.ts';

drives(
  'compose',
  'with podman-compose, `compose.yaml`: up, healthy, a turn, drain, a stop that waits for the turn, start; `compose.scale-out.yaml`: two gateways behind HAProxy share PostgreSQL, and a rolling restart loses nothing',
  { 'podman-compose': 'dpkg-query -W podman-compose', podman: 'podman --version', netavark: 'dpkg-query -W netavark' },
);

const TOOLS = ['podman', 'crun', 'mmdebstrap', 'nsenter', 'unshare', 'podman-compose'];
const NETWORK = ['/usr/lib/podman/netavark', '/usr/lib/podman/aardvark-dns'];
const isMissing = lacking(
  'root, podman, crun, podman-compose, netavark, aardvark-dns and mmdebstrap to run the compose files; deploy/compose.test.ts checks them without',
  isRoot() && [...TOOLS, ...NETWORK].every((tool) => runs('sh', '-c', `command -v ${tool}`)),
);

const STAND_INS = fileURLToPath(new URL('stand-ins/', import.meta.url));
const BUILD_TIMEOUT_MS = 2_700_000;
const STOP_GRACE = ['--timeout', '110'];
const KEY = 'a-key-of-the-API-for-the-tests-of-the-compose-files';
const SECRET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ';
/** As docs/deploy/container.md says: HAProxy leaves before a message is refused. */
const DRAIN = ['drainctl', 'begin', '--lead', '5s', '--wait'];
const CLIENTS = 20;

describe.skipIf(isMissing)('deploy/compose', () => {
  let podman: Podman;
  let project: ComposeProject | undefined;
  const up = async (sample: string, env: Readonly<Record<string, string>>): Promise<ComposeProject> => {
    project = await ComposeProject.up(podman, sample, env);
    return project;
  };

  beforeAll(async () => {
    podman = await Podman.open(composeSettings());
    await buildImage(podman);
    await podman.run(['tag', IMAGE, 'localhost/hermes:latest']);
    await buildStandIn(podman, 'docker.io/library/haproxy:2.6', `${STAND_INS}haproxy`);
    await buildStandIn(podman, 'docker.io/library/postgres:15', `${STAND_INS}postgres`);
  }, BUILD_TIMEOUT_MS);
  afterAll(() => podman?.[Symbol.asyncDispose]());
  afterEach(async () => {
    await project?.[Symbol.asyncDispose]();
    project = undefined;
  });

  test('compose.yaml: comes up, answers, drains, and brings back after a stop what ran', async () => {
    const env = { API_SERVER_KEY: KEY, HERMES_DASHBOARD_DRAIN_SECRET: SECRET };
    const compose = await up('compose.yaml', env);
    await compose.exec('hermes', ['sh', '-c', 'echo "agent: { kind: echo, delay_ms: 3000 }" >/opt/data/config.yaml']);
    await expect.poll(() => compose.exec('hermes', ['hermes-s6', 'start', 'default'])).toMatchObject({ code: 0 });
    expect(await say(compose.url(8642), 'hello')).toMatchObject({ status: 200, body: { reply: 'hello' } });
    expect(await compose.healthcheck('hermes')).toMatchObject({ code: 0 });

    const drain = (method: string) =>
      fetch(`${compose.url(9119)}/api/gateway/drain`, { method, headers: { authorization: `Bearer ${SECRET}` } });
    expect((await drain('POST')).ok).toBe(true);
    expect(await say(compose.url(8642), 'refused')).toMatchObject({ status: 503, body: { code: 'draining' } });
    expect((await drain('DELETE')).ok).toBe(true);

    const answer = say(compose.url(8642), 'nearly done');
    const state = ['grep', '-q', '"active_agents": *1', '/opt/data/gateway_state.json'];
    await expect.poll(() => compose.exec('hermes', state)).toMatchObject({ code: 0 });
    await compose.run('stop', ...STOP_GRACE);
    expect(await answer).toMatchObject({ status: 200, body: { reply: 'nearly done' } });
    expect(await compose.exitCode('hermes')).toBe(0);
    await compose.run('start');
    await expect
      .poll(() => say(compose.url(8642), 'again').catch(() => undefined))
      .toMatchObject({ body: { reply: 'again' } });
  });

  test('compose.scale-out.yaml: two gateways share a journal, and no client notices a rolling restart', async () => {
    const env = { API_SERVER_KEY: KEY, POSTGRES_PASSWORD: SECRET };
    const compose = await up('compose.scale-out.yaml', env);
    const isUp = (gateway: string) =>
      expect.poll(async () =>
        (await compose.logs('haproxy')).match(new RegExp(`Server gateways/${gateway} is \\w+`, 'g'))?.at(-1),
      );
    for (const gateway of ['gw1', 'gw2']) {
      await expect.poll(() => compose.exec(gateway, ['hermes-s6', 'start', 'default'])).toMatchObject({ code: 0 });
      await isUp(gateway).toMatch(/is UP$/);
    }
    const clients = new Clients({ url: compose.url(8080), key: KEY, number: CLIENTS, doesRepeat: false });
    const moreAnswers = async () => {
      const goal = clients.answered + CLIENTS;
      await expect.poll(() => clients.answered).toBeGreaterThanOrEqual(goal);
    };
    await moreAnswers();
    for (const gateway of ['gw1', 'gw2', 'gw1']) {
      const { code, stderr } = await compose.exec(gateway, DRAIN);
      expect(code, stderr).toBe(0);
      await compose.run('stop', ...STOP_GRACE, gateway);
      await isUp(gateway).toMatch(/is DOWN$/);
      await moreAnswers();
      await compose.run('start', gateway);
      await isUp(gateway).toMatch(/is UP$/);
      await moreAnswers();
    }
    await clients.finish();
    console.info(`compose: 3 restarts, ${CLIENTS} clients, ${clients.messages.length} messages`);
    const failed = clients.messages.filter(
      ({ broken, refused, errors }) => [...broken, ...refused, ...errors].length > 0,
    );
    expect(failed).toEqual([]);
    for (const { replies, turnIds } of clients.messages) expect([replies.size, turnIds.size]).toEqual([1, 1]);
  });
});

async function say(url: string, text: string): Promise<unknown> {
  const response = await fetch(`${url}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}` },
    body: JSON.stringify({ session: 's', text }),
  });
  return { status: response.status, body: await response.json() };
}
