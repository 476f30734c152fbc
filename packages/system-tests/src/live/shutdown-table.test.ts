import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readGatewayState } from '@hermes/drain-contract';
import { afterAll, describe, expect, test } from 'vitest';
import { Testbed, type TestbedOptions } from './testbed.ts';

/** What a stopped gateway leaves behind. */
interface Aftermath {
  readonly signal: string | null;
  readonly published: string | null;
  readonly interrupted: number | null;
  readonly told: readonly string[];
  readonly journaled: Readonly<Record<string, number>>;
  readonly milliseconds: number;
}

interface Scenario {
  readonly options: TestbedOptions;
  /** Brings the gateway into the situation. @returns how to leave it, if that takes anything. */
  readonly prepare: (testbed: Testbed) => Promise<(() => void) | undefined>;
  /** What asks it to stop. Default: SIGTERM. */
  readonly signal?: NodeJS.Signals;
  /** Sends this second signal as soon as it is stopping. */
  readonly second?: NodeJS.Signals;
  readonly expected: Partial<Aftermath>;
  /** How long it takes at least, in ms. */
  readonly takesMs?: number;
}

process.env.HERMES_TEST_HOOK = `whsec_${Buffer.from('s'.repeat(32)).toString('base64')}`;

/** A turn of so many ms is still running when the signal comes, on a busy machine as well. */
const A_WHILE = 4_000;
const FOREVER = 600_000;
const rows: Record<string, Aftermath> = {};

const SCENARIOS: Record<string, Scenario> = {
  idle: {
    options: {},
    prepare: async () => undefined,
    expected: { published: 'stopped', interrupted: 0, told: [], journaled: {} },
  },
  'busy, finishing within the grace': {
    options: { turn: A_WHILE, grace: 40 },
    prepare: begin,
    expected: { published: 'stopped', interrupted: 0, told: ['stopping', 'done'], journaled: { done: 1 } },
  },
  'busy when its terminal is closed': {
    signal: 'SIGHUP',
    options: { turn: A_WHILE, grace: 40 },
    prepare: begin,
    expected: { published: 'stopped', interrupted: 0, told: ['stopping', 'done'], journaled: { done: 1 } },
  },
  'busy, when Ctrl-\\ is pressed': {
    signal: 'SIGQUIT',
    options: { turn: A_WHILE, grace: 40 },
    prepare: begin,
    expected: { published: 'stopped', interrupted: 0, told: ['stopping', 'done'], journaled: { done: 1 } },
  },
  'busy beyond the grace': {
    options: { turn: FOREVER, grace: 1 },
    prepare: begin,
    expected: {
      published: 'stopped',
      interrupted: 1,
      told: ['stopping', 'interrupted'],
      journaled: { interrupted: 1 },
    },
    takesMs: 1_000,
  },
  'busy, and Ctrl-C is pressed as well': {
    options: { turn: FOREVER, grace: 3_600 },
    prepare: begin,
    second: 'SIGINT',
    expected: {
      published: 'stopped',
      interrupted: 1,
      told: ['stopping', 'interrupted'],
      journaled: { interrupted: 1 },
    },
  },
  'busy, under a supervisor that repeats its signal': {
    options: { turn: A_WHILE, grace: 40 },
    prepare: begin,
    second: 'SIGTERM',
    expected: { published: 'stopped', interrupted: 0, told: ['stopping', 'done'], journaled: { done: 1 } },
  },
  'a message waiting behind the turn': {
    options: { turn: FOREVER, grace: 0 },
    prepare: async (testbed) => {
      await begin(testbed);
      await testbed.client.sayLater('anna', 'behind it');
      return undefined;
    },
    expected: { interrupted: 1, journaled: { accepted: 1, interrupted: 1 } },
  },
  'during a drain': {
    options: { turn: A_WHILE, grace: 40, dashboard: true },
    prepare: async (testbed) => {
      await begin(testbed);
      await testbed.client.beginDrain();
      return undefined;
    },
    expected: { published: 'stopped', interrupted: 0, told: ['stopping', 'done'], journaled: { done: 1 } },
  },
  'during a replay': {
    options: { turn: A_WHILE, grace: 40 },
    prepare: async (testbed) => {
      await begin(testbed);
      await testbed.gateway.program.kill('SIGKILL');
      await testbed.startGateway();
      return undefined;
    },
    expected: { published: 'stopped', interrupted: 0, told: ['stopping', 'done'], journaled: { done: 1 } },
  },
  'a channel that hangs': {
    options: { turn: FOREVER, grace: 0 },
    prepare: async (testbed) => {
      await begin(testbed);
      return undefined;
    },
    expected: { published: 'stopped', interrupted: 1, told: ['stopping', 'interrupted'] },
  },
  'a journal that somebody holds locked': {
    options: { turn: FOREVER, grace: 0 },
    prepare: async (testbed) => {
      await begin(testbed);
      const other = new DatabaseSync(join(testbed.home, 'gateway.db'));
      other.exec('BEGIN IMMEDIATE');
      return () => other.close();
    },
    expected: { published: 'stopped', interrupted: 1, journaled: { running: 1 } },
  },
  'stdout and stderr closed': {
    options: { turn: A_WHILE, grace: 40 },
    prepare: async (testbed) => {
      await begin(testbed);
      testbed.gateway.program.child.stdout?.destroy();
      testbed.gateway.program.child.stderr?.destroy();
      return undefined;
    },
    expected: { published: 'stopped', interrupted: 0, journaled: { done: 1 } },
  },
};

describe('a gateway that is told to stop', () => {
  afterAll(() => console.info(table()));

  test.each(Object.entries(SCENARIOS))('%s', { timeout: 120_000 }, async (name, scenario) => {
    const hanging = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(hanging, 'listening');
    try {
      const { port } = hanging.address() as AddressInfo;
      const config = name.includes('channel')
        ? `webhook: {url: "http://127.0.0.1:${port}", secret_env: HERMES_TEST_HOOK}\n`
        : '';
      await using testbed = await Testbed.start({ dashboard: false, ...scenario.options, config });
      const leave = await scenario.prepare(testbed);
      const before = performance.now();
      const ended = testbed.gateway.program.kill(scenario.signal ?? 'SIGTERM');
      if (scenario.second) await sendAlso(testbed, scenario.second);
      const { signal } = await ended;
      const milliseconds = Math.round(performance.now() - before);
      leave?.();
      const aftermath = { signal, milliseconds, ...leftBehind(testbed.home) };
      rows[name] = aftermath;
      expect(aftermath).toMatchObject({ signal: scenario.signal ?? 'SIGTERM', ...scenario.expected });
      expect(milliseconds).toBeGreaterThanOrEqual(scenario.takesMs ?? 0);
    } finally {
      hanging.closeAllConnections();
      hanging.close();
    }
  });
});

/** Signals that arrive together are one: the second is sent when the first has been understood. */
async function sendAlso(testbed: Testbed, second: NodeJS.Signals): Promise<void> {
  await expect.poll(() => readGatewayState({ home: testbed.home })?.gateway_state).toBe('stopping');
  testbed.gateway.program.child.kill(second);
}

/** A turn of the session `anna` that is running for certain. */
async function begin(testbed: Testbed): Promise<undefined> {
  const { body } = await testbed.client.sayLater('anna', 'take your time');
  await expect.poll(async () => (await testbed.client.turn(body.turn_id)).body.status).toBe('running');
}

function leftBehind(home: string): Omit<Aftermath, 'signal' | 'milliseconds'> {
  const state = readGatewayState({ home });
  const database = new DatabaseSync(join(home, 'gateway.db'), { readOnly: true });
  const events = database.prepare('SELECT type, data FROM events ORDER BY seq').all();
  const turns = database.prepare('SELECT status, count(*) AS count FROM turns GROUP BY status').all();
  database.close();
  return {
    published: state?.gateway_state ?? null,
    interrupted: state?.exit?.interrupted ?? null,
    told: events.map(({ data }) => JSON.parse(String(data))).map((event) => event.notice ?? event.status),
    journaled: Object.fromEntries(turns.map(({ status, count }) => [String(status), Number(count)])),
  };
}

function table(): string {
  const lines = Object.entries(rows).map(([name, row]) => {
    const journaled = Object.entries(row.journaled).map(([status, count]) => `${count} ${status}`);
    const cells = [
      name.padEnd(38),
      row.published,
      row.signal,
      `${row.milliseconds} ms`.padStart(8),
      row.told.join('+'),
      journaled.join('+'),
    ];
    return cells.map((cell) => cell || '-').join(' | ');
  });
  return ['scenario | published | died by | took | told | journaled', ...lines].join('\n');
}
