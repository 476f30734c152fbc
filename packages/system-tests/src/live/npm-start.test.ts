import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lacking } from '@hermes/test-kit';
import { expect, onTestFinished, test } from 'vitest';

const CHECKOUT = fileURLToPath(new URL('../../../../', import.meta.url));
const BOUND_MS = 120_000;
const skipped = lacking('/proc, to see which processes run', existsSync('/proc/self/environ'));

/** What npm starts once everything is installed and built: the rest of scripts/bootstrap.mjs. */
const SCRIPT = `
import { handOver, npmAbove } from ${JSON.stringify(join(CHECKOUT, 'scripts/hand-over.mjs'))};
process.chdir(${JSON.stringify(CHECKOUT)});
handOver(process.execPath, ['scripts/start.ts'], npmAbove());
`;

test.skipIf(skipped).each([
  ['SIGTERM', 'npm', 'npm start'],
  ['SIGKILL', 'npm', 'npm start'],
  ['SIGTERM', 'node hand-over.mjs', 'npm start'],
  ['SIGKILL', 'node hand-over.mjs', 'npm start'],
  ['SIGTERM', 'node hand-over.mjs', 'node hand-over.mjs'],
] as const)(
  'after a %s to `%s` nothing of `%s` is left',
  async (signal, victim, command) => {
    const started = new Started(command);
    await started.printed('Ctrl-C stops both.');
    expect(started.text).toMatch(new RegExp(`export HERMES_HOME=${started.home} PATH=${CHECKOUT}node_modules/.bin:`));
    expect(started.processes('').length).toBeGreaterThan(3);
    const [pid] = started.processes(victim);
    process.kill(pid as number, signal);
    await expect.poll(() => started.processes(''), { timeout: BOUND_MS, interval: 200 }).toEqual([]);
    const [code, by] = await started.exited;
    // npm ends by the signal itself, or says 128 + the signal.
    expect(by === signal || code !== 0).toBe(true);
  },
  2 * BOUND_MS,
);

test.skipIf(skipped)(
  'what a person has started without npm goes on when the shell has ended',
  async () => {
    const started = new Started('(node hand-over.mjs &) ; sleep 0');
    await started.printed('Ctrl-C stops both.');
    expect(started.processes('node hand-over.mjs')).toHaveLength(1);
  },
  BOUND_MS,
);

/** A command in a directory whose `npm start` starts both programs; everything is killed when the test is over. */
class Started {
  readonly home = mkdtempSync(join(tmpdir(), 'hermes-npm-start-'));
  readonly exited: Promise<unknown[]>;
  text = '';
  readonly #child: ChildProcess;

  constructor(command: string) {
    writeFileSync(join(this.home, 'package.json'), '{"type":"module","scripts":{"start":"node hand-over.mjs"}}');
    writeFileSync(join(this.home, 'hand-over.mjs'), SCRIPT);
    // A variable of npm's would make what runs below us seem to be npm's.
    const inherited = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
    this.#child = spawn('sh', ['-c', `exec ${command}`.replace('exec (', '(')], {
      cwd: this.home,
      detached: true,
      env: {
        ...Object.fromEntries(inherited),
        HERMES_HOME: this.home,
        API_SERVER_PORT: '0',
        HERMES_DASHBOARD_PORT: '0',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.exited = once(this.#child, 'exit');
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (words: string) => {
        this.text += words;
      });
    }
    onTestFinished(() => {
      for (const pid of this.processes('')) process.kill(pid, 'SIGKILL');
      rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
    });
  }

  async printed(words: string): Promise<void> {
    await expect.poll(() => this.text, { timeout: BOUND_MS, interval: 100 }).toContain(words);
  }

  /** The processes of ours whose command line has `words` in it, by the home in their environment. */
  processes(words: string): number[] {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && this.#isOurs(name));
    return pids.filter((pid) => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').startsWith(words)).map(Number);
  }

  #isOurs(pid: string): boolean {
    if (/^\d+ \(.*\) Z/.test(read(`/proc/${pid}/stat`))) return false;
    return read(`/proc/${pid}/environ`).split('\0').includes(`HERMES_HOME=${this.home}`);
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}
