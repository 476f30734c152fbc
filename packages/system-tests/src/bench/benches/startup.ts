import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Bench, Effort, Measurement } from '../measurement.ts';
import { inTurn } from '../rounds.ts';
import { Stopwatch, type TimeOptions } from '../stopwatch/stopwatch.ts';

const ROOT = new URL('../../../../../', import.meta.url);
const SCRIPTS = {
  'hermes-s6': 'packages/s6-reconciler/bin/hermes-s6.js',
  'hermes-gateway': 'apps/gateway/bin/hermes-gateway.js',
  'hermes-dashboard': 'apps/dashboard/bin/hermes-dashboard.js',
  drainctl: 'packages/drainctl/bin/drainctl.js',
} as const;

/** Nothing listens there, and fetch does not refuse the port as it does most of the low ones. */
const UNREACHABLE = 'http://127.0.0.1:8';

/** Starts in one round of each contender. */
const STARTS = 5;

interface Start extends TimeOptions {
  readonly program: keyof typeof SCRIPTS;
  readonly words: readonly string[];
  /** Target: so many times as long as `node -e 0`. */
  readonly atMost: number;
}

const starts = (scandir: string): readonly Start[] => [
  { program: 'hermes-s6', words: ['--version'], atMost: 2 },
  { program: 'hermes-s6', words: ['--help'], atMost: 2 },
  { program: 'hermes-s6', words: ['list', '--scandir', scandir, '--user', '0:0'], atMost: 2.5 },
  { program: 'hermes-gateway', words: ['--version'], atMost: 2.5 },
  { program: 'hermes-gateway', words: ['run'], untilReady: true, atMost: 10 },
  // In the journal that the one before has left.
  { program: 'hermes-gateway', words: ['turns'], atMost: 3 },
  { program: 'hermes-dashboard', words: ['--version'], atMost: 3 },
  { program: 'hermes-dashboard', words: ['serve', '--port', '0'], untilReady: true, atMost: 15 },
  { program: 'drainctl', words: ['--version'], atMost: 2.5 },
  { program: 'drainctl', words: ['status', '--url', UNREACHABLE], status: 7, atMost: 5 },
];

export const startup: Bench = {
  name: 'startup',
  measures: 'Whole process: until its end, or until a server says that it is ready.',
  baseline: '`node -e 0` of the same Node.',
  run: measure,
};

async function* measure({ rounds, tell }: Effort): AsyncGenerator<Measurement> {
  const directory = mkdtempSync(join(tmpdir(), 'hermes-bench-'));
  try {
    const stopwatch = new Stopwatch(directory);
    const [home, scandir] = [join(directory, 'home'), join(directory, 'scandir')];
    for (const path of [home, scandir]) mkdirSync(path);
    const env = environment(home);
    for (const { program, words, atMost, ...options } of starts(scandir)) {
      const what = [program, words[0], options.untilReady ? 'until ready' : ''].join(' ').trim();
      tell(what);
      const command = [execPath, fileURLToPath(new URL(SCRIPTS[program], ROOT)), ...words];
      const [ours, baseline] = await inTurn(
        [
          contender(program, () => stopwatch.time(command, { ...options, env }).wall),
          contender('node -e 0', () => stopwatch.time([execPath, '-e', '0']).wall),
        ],
        { rounds },
      );
      yield { kind: 'comparison', what, unit: 'ms', statistic: 'median', ours, baseline, target: { atMost } };
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function environment(home: string): NodeJS.ProcessEnv {
  return {
    HERMES_HOME: home,
    API_SERVER_PORT: '0',
    HERMES_LOG_LEVEL: 'fatal',
    HERMES_DASHBOARD_LOG_LEVEL: 'fatal',
    DRAINCTL_TOKEN: 'a-secret-that-nobody-is-ever-shown',
  };
}

function contender(name: string, once: () => number) {
  return { name, round: () => Array.from({ length: STARTS }, once) };
}
