import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lacking } from '@hermes/test-kit';
import { expect, onTestFinished, test } from 'vitest';
import { amount } from '../amount.ts';
import { chooseSeed, randomNumbers } from '../seed.ts';
import { Testbed } from './testbed.ts';

/** How often the gateway is killed around the start of a command; more with HERMES_KILLS. */
const KILLS = amount('HERMES_KILLS', 8, 20);
const SEED = chooseSeed();

/** More than a pipe holds, which is 64 KiB on Linux. */
const LONG_TEXT = 'x'.repeat(100_000);

/** Says what it does in the file $0, ignores SIGTERM, and takes its time at its first run only. */
const STUBBORN = `
trap '' TERM
text=$(cat)
grep -qs start "$0"; first=$?
echo "start $$ \${#text}" >> "$0"
if [ "$first" != 0 ]; then
  # A tool that has left the process group and the session.
  setsid sh -c 'echo "tool $$" >> "$0"; exec sleep 600' "$0" &
  for n in 1 2 3 4 5 6 7 8 9 10; do sleep 60; done
fi
echo "end $$" >> "$0"
echo answered`;

/** Writes down how long its text was, and stays. */
const LASTING = `text=$(cat); echo "start $$ \${#text}" >> "$0"; exec sleep 600`;

const skipped = lacking('/proc, to see which processes run', existsSync('/proc/self/status'));

test.skipIf(skipped)(
  'what a killed gateway has left running has ended before its turn runs again and before it is safe to stop',
  async () => {
    const record = new Record();
    await using testbed = await Testbed.start({ agent: record.agent(STUBBORN, 'replay: true, kill_after: 600') });
    const { turn_id } = (await testbed.client.sayLater('anna', LONG_TEXT)).body;
    await expect.poll(() => record.lines('tool'), { timeout: 120_000 }).toHaveLength(1);
    await testbed.client.beginDrain();
    await expect.poll(async () => (await testbed.client.status()).body.gateway_state).toBe('draining');

    await testbed.gateway.program.kill('SIGKILL');
    const orphans = [...record.pids('start'), ...record.pids('tool')];
    expect(orphans.filter(isRunning)).toEqual(orphans);
    const looks = watchSafety(testbed, orphans);
    await testbed.startGateway();
    expect(orphans.filter(isRunning)).toEqual([]);
    await testbed.client.untilDrained(30);
    expect(await looks.stop()).toEqual([]);

    expect((await testbed.client.turn(turn_id)).body).toMatchObject({ status: 'done', reply: 'answered\n' });
    expect(record.lines('start').map((line) => line.split(' ')[2])).toEqual(['100000', '100000']);
    expect(record.lines('end')).toHaveLength(1);
    await expect
      .poll(() => testbed.gateway.program.stderr)
      .toContain('killed processes that an agent of the previous gateway process left behind');
  },
  60_000,
);

test.skipIf(skipped)(
  `a command has its whole text or does not run, and none outlives the next start, over ${KILLS} kills`,
  async () => {
    const record = new Record();
    await using testbed = await Testbed.start({ dashboard: false, agent: record.agent(LASTING, 'replay: false') });
    const random = randomNumbers(SEED);
    for (let kill = 0; kill < KILLS; kill++) {
      await testbed.client.sayLater(`session-${kill}`, LONG_TEXT);
      await delay(random() * 60);
      await testbed.gateway.program.kill('SIGKILL');
      await testbed.startGateway();
      expect(record.processes(), `seed ${SEED}, kill ${kill}`).toEqual([]);
    }
    const lengths = record.lines('start').map((line) => line.split(' ')[2]);
    console.info(`seed ${SEED}: ${KILLS} kills, ${lengths.length} commands had begun`);
    expect(lengths.filter((length) => length !== '100000')).toEqual([]);
  },
  KILLS * 5_000 + 30_000,
);

/** A file in which commands write down what they do; what still runs of them is killed at the end of the test. */
class Record {
  readonly #path: string;

  constructor() {
    const directory = mkdtempSync(join(tmpdir(), 'hermes-orphans-'));
    this.#path = join(directory, 'record');
    onTestFinished(() => {
      for (const pid of this.processes()) process.kill(pid, 'SIGKILL');
      rmSync(directory, { recursive: true });
    });
  }

  /** The section `agent` of a config.yaml. */
  agent(script: string, settings: string): string {
    return `{ kind: command, command: [sh, -c, ${JSON.stringify(script)}, ${this.#path}], ${settings} }`;
  }

  lines(event: string): string[] {
    const text = readIfThere(this.#path);
    return text.split('\n').filter((line) => line.startsWith(`${event} `));
  }

  pids(event: string): number[] {
    return this.lines(event).map((line) => Number(line.split(' ')[1]));
  }

  /** Those that were started with this file, and run. */
  processes(): number[] {
    const entries = globSync('/proc/[0-9]*').map((path) => Number(path.slice('/proc/'.length)));
    const ours = entries.filter((pid) => readIfThere(`/proc/${pid}/cmdline`).includes(this.#path));
    return [...new Set([...ours, ...this.pids('start'), ...this.pids('tool')])].filter(isRunning);
  }
}

/** Looks without a pause. @returns what stops it, and the looks at which it was safe to stop while one of `pids` ran. */
function watchSafety(testbed: Testbed, pids: readonly number[]) {
  let stopped = false;
  const watched = (async () => {
    const wrong: unknown[] = [];
    while (!stopped) {
      const running = pids.filter(isRunning);
      const { body } = await testbed.client.status();
      if (body.safe_to_stop && pids.filter(isRunning).length > 0) wrong.push({ running, body });
    }
    return wrong;
  })();
  return {
    stop: () => {
      stopped = true;
      return watched;
    },
  };
}

/** A zombie does not run. */
function isRunning(pid: number): boolean {
  return /^State:\s+[^ZX]/m.test(readIfThere(`/proc/${pid}/status`));
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
