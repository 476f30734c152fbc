import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ProjectOfOthers } from '../../others/project-of-others.ts';
import { Testbed } from '../testbed.ts';
import { CLIENTS, type ModelClient } from './clients.ts';
import { otherClients } from './other-clients.ts';

vi.stubGlobal('AI_SDK_LOG_WARNINGS', false);

let project: ProjectOfOthers;
let clients: readonly ModelClient[];
beforeAll(async () => {
  project = await ProjectOfOthers.install();
  clients = [...CLIENTS, ...otherClients(project)];
}, 300_000);
afterAll(() => project[Symbol.asyncDispose]());

test.each([
  ['echo', '{ kind: echo, delay_ms: 50 }', 'how is the sky'],
  ['command', "{ kind: command, command: [/bin/sh, -c, 'tr a-z A-Z'] }", 'HOW IS THE SKY'],
])('each client chats and streams with an agent of kind %s', async (_kind, agent, answer) => {
  await using testbed = await Testbed.start({ dashboard: false, agent });
  const baseURL = `${testbed.gateway.url}/v1`;
  for (const client of clients) {
    const { signal } = new AbortController();
    const said = [await client.chat(baseURL, 'how is the sky'), await client.stream(baseURL, 'how is the sky', signal)];
    expect([client.name, ...said]).toEqual([client.name, answer, answer]);
  }
});

test('each client reports the failure of a command, and does not run it twice', async () => {
  const agent = "{ kind: command, command: [/bin/sh, -c, 'echo half; exit 3'] }";
  await using testbed = await Testbed.start({ dashboard: false, agent });
  const baseURL = `${testbed.gateway.url}/v1`;
  for (const client of clients) {
    // An equal request soon after a failure is its repetition.
    const text = `hello, says ${client.name}`;
    const chat = await client.chat(baseURL, text).catch((error: Error) => error.message);
    const streamed = client.stream(baseURL, text, new AbortController().signal);
    const stream = await streamed.catch((error: unknown) =>
      error instanceof Error ? error.message : JSON.stringify(error),
    );
    expect([client.name, chat, stream]).toEqual([
      client.name,
      expect.stringContaining('exit code 3'),
      expect.stringContaining('exit code 3'),
    ]);
  }
  const metrics = await (await fetch(`${testbed.gateway.url}/metrics`)).text();
  expect(metrics).toMatch(
    new RegExp(`^hermes_turn_duration_seconds_count\\{.*failed.*\\} ${2 * clients.length}$`, 'm'),
  );
});
