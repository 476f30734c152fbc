import { readGatewayState } from '@hermes/drain-contract';
import { eventually } from '@hermes/test-kit/eventually';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ProjectOfOthers } from '../../others/project-of-others.ts';
import { Testbed } from '../testbed.ts';
import { CLIENTS, type ModelClient } from './clients.ts';
import { scriptedModel } from './model.ts';
import { otherClients } from './other-clients.ts';

vi.stubGlobal('AI_SDK_LOG_WARNINGS', false);

/** How long the drain lasts that the clients meet, in seconds. */
const DRAIN_SECONDS = Number(process.env.HERMES_DRAIN_SECONDS || 3);
/** Equal requests at the same time could be a request and its repetition. */
const questionOf = ({ name }: ModelClient) => `how is the sky, asks ${name}`;

let project: ProjectOfOthers;
beforeAll(async () => {
  project = await ProjectOfOthers.install();
}, 300_000);
afterAll(() => project[Symbol.asyncDispose]());

test(`a drain of ${DRAIN_SECONDS} s: each client is answered once, or told why not`, { timeout: 300_000 }, async () => {
  await using stage = await Stage.start();
  const { testbed, model } = stage;
  await testbed.client.beginDrain({ reason: 'new version' });
  const answers = stage.all((client) => client.chat(stage.baseURL, questionOf(client)));
  await new Promise((resolve) => setTimeout(resolve, DRAIN_SECONDS * 1_000));
  expect(model.asked).toEqual([]);
  await testbed.client.cancelDrain();
  const outcomes = await answers;
  console.info(`a drain of ${DRAIN_SECONDS} s`, outcomes);
  const answered = Object.values(outcomes).filter((outcome) => outcome === 'sunny');
  const refused = Object.values(outcomes).filter((outcome) => outcome.includes('new version'));
  expect(answered.length + refused.length).toBe(stage.clients.length);
  expect(model.asked).toHaveLength(answered.length);
  // The usual clients try again for 10 s.
  if (DRAIN_SECONDS <= 3) expect(refused).toEqual([]);
});

test('a stop in the middle of a stream: each client gets the whole answer', { timeout: 180_000 }, async () => {
  await using stage = await Stage.start();
  const { testbed, model } = stage;
  const { outcomes } = await stage.streaming();
  testbed.gateway.program.child.kill('SIGTERM');
  await eventually(() => expect(readGatewayState({ home: testbed.home })?.gateway_state).toBe('stopping'));
  model.letGo();
  expect(new Set(Object.values(await outcomes))).toEqual(new Set(['sunny']));
  expect(model.asked).toHaveLength(stage.clients.length);
});

test('a kill in the middle of a stream: no client takes the half for the whole', { timeout: 180_000 }, async () => {
  await using stage = await Stage.start();
  const { outcomes } = await stage.streaming();
  await stage.testbed.gateway.program.kill('SIGKILL');
  for (const outcome of Object.values(await outcomes)) expect(outcome).toMatch(/^failed: /);
});

test('a client that aborts ends the request to the model', { timeout: 180_000 }, async () => {
  await using stage = await Stage.start('on_disconnect: interrupt\n');
  const client = new AbortController();
  const { outcomes } = await stage.streaming(client.signal);
  client.abort();
  for (const outcome of Object.values(await outcomes)) expect(outcome).toMatch(/^failed: |^sun?n?y?$/);
  await eventually(() => expect(stage.model.abandoned).toHaveLength(stage.clients.length));
  await eventually(() => expect(readGatewayState({ home: stage.testbed.home })?.active_agents).toBe(0));
});

/** A gateway before a model, and all clients. */
class Stage implements AsyncDisposable {
  readonly clients = [...CLIENTS, ...otherClients(project)];
  readonly testbed: Testbed;
  readonly model: Awaited<ReturnType<typeof scriptedModel>>;

  private constructor(testbed: Testbed, model: Stage['model']) {
    this.testbed = testbed;
    this.model = model;
  }

  static async start(config = ''): Promise<Stage> {
    const model = await scriptedModel();
    const agent = `{ kind: openai, base_url: '${model.baseUrl}', model: m }`;
    return new Stage(await Testbed.start({ agent, grace: 60, config }), model);
  }

  get baseURL(): string {
    return `${this.testbed.gateway.url}/v1`;
  }

  /** What came of each client's question. */
  async all(ask: (client: ModelClient) => Promise<string>): Promise<Record<string, string>> {
    const outcomes = this.clients.map(async (client) => [client.name, await outcomeOf(ask(client))]);
    return Object.fromEntries(await Promise.all(outcomes));
  }

  /** Each client has got a part of its answer, which ends when the model is let go. */
  async streaming(signal = new AbortController().signal) {
    this.model.hold();
    const outcomes = this.all((client) => client.stream(this.baseURL, questionOf(client), signal));
    await eventually(() => expect(this.model.asked).toHaveLength(this.clients.length));
    return { outcomes };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.model.letGo();
    await this.testbed[Symbol.asyncDispose]();
  }
}

async function outcomeOf(answer: Promise<string>): Promise<string> {
  return answer.catch((error: Error) => `failed: ${error.message}`);
}
