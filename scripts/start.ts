import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeExit, type Program, startDashboard, startGateway } from '@hermes/local-stack';

const HELP = `Starts a gateway and its dashboard on this machine, and stops both on Ctrl-C.

Usage: npm start

Environment:
  HERMES_HOME             home directory (.hermes in this checkout, created with a slow echo agent to play with)
  API_SERVER_PORT         port of the gateway (8642)
  HERMES_DASHBOARD_PORT   port of the dashboard (9119)
  and everything that hermes-gateway run --help and hermes-dashboard serve --help tell

Examples:
  $ npm start
  $ HERMES_HOME=/opt/data API_SERVER_PORT=9000 npm start

Exit codes:
  0   stopped by Ctrl-C
  1   one of the two ended by itself
  78  one of the two could not start; the reason is on stderr
SIGTERM and SIGHUP stop it, too; it then ends by that signal. It also stops when npm has gone.
`;

const PLAYGROUND_CONFIG = `# Made by npm start; yours to change.
agent:
  kind: echo
  delay_ms: 5000   # slow enough to see a drain wait for a turn
`;

// One Ctrl-C arrives several times: from the terminal, from npm, and from whatever npm runs.
const SAME_PRESS_MS = 500;

/** How long the gateway may take to answer whether it has a chat page. */
const CHAT_PAGE_MS = 10_000;

const EXIT = { ok: 0, failure: 1, config: 78 } as const;

const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
if (values.help) process.stdout.write(HELP);
else end(await run());

/** How it ends: with an exit code, or by the signal that stopped it. */
type End = number | NodeJS.Signals;

function end(how: End): void {
  if (typeof how === 'number') process.exit(how);
  process.removeAllListeners(how);
  process.kill(process.pid, how);
}

async function run(): Promise<End> {
  const stopping = listenForStop();
  const home = prepareHome();
  const level = process.env.HERMES_LOG_LEVEL ?? 'warn';
  // Where bwrap works, an agent's command sees neither the home nor the gateway.
  const isolation = process.env.HERMES_AGENT_ISOLATION ?? 'auto';
  const env = { HERMES_LOG_LEVEL: level, HERMES_DASHBOARD_LOG_LEVEL: level, HERMES_AGENT_ISOLATION: isolation };
  const programs: Program[] = [];
  try {
    const gateway = await startGateway({ home, env });
    programs.push(gateway.program);
    const dashboard = await startDashboard({ home, env });
    programs.push(dashboard.program);
    const chat = await chatPage(gateway.url);
    process.stdout.write(welcome({ home, gateway: gateway.url, chat, dashboard: dashboard.url, link: dashboard.link }));
    const ended = await Promise.race([
      stopping.asked,
      ...programs.map((program) => program.exited.then(() => program)),
    ]);
    if (typeof ended === 'string') {
      process.stdout.write('\nStopping; turns in flight may finish. Ctrl-C again interrupts them.\n');
      // To npm, a script that a Ctrl-C ends by its signal is a failure.
      return ended === 'SIGINT' ? EXIT.ok : ended;
    }
    process.stderr.write(`${ended.name} ended: ${describeExit(await ended.exited)}; stopping the other one\n`);
    return EXIT.failure;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return EXIT.config;
  } finally {
    for (const program of programs) {
      stopping.onAgain(() => program.child.kill('SIGTERM'));
      await program.stop(24 * 3_600_000);
    }
  }
}

/** The home from the environment as it is, or our playground. */
function prepareHome(): string {
  if (process.env.HERMES_HOME) return resolve(process.env.HERMES_HOME);
  const home = resolve('.hermes');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const config = join(home, 'config.yaml');
  if (!existsSync(config)) writeFileSync(config, PLAYGROUND_CONFIG);
  return home;
}

function listenForStop() {
  const asked = Promise.withResolvers<NodeJS.Signals>();
  let again = (): void => undefined;
  let first = Number.POSITIVE_INFINITY;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      first = Math.min(first, performance.now());
      if (performance.now() - first > SAME_PRESS_MS) again();
      asked.resolve(signal);
    });
  }
  // The process that started us was killed; without a channel there is no event for that.
  process.on('disconnect', () => asked.resolve('SIGTERM'));
  // The terminal that we print to may have gone with it.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  return {
    asked: asked.promise,
    onAgain(action: () => void) {
      again = action;
    },
  };
}

/** For a shell. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** The address of the gateway's chat page; `undefined` if it is switched off. */
async function chatPage(gateway: string): Promise<string | undefined> {
  const page = new URL('/', gateway);
  const answer = await fetch(page, { method: 'HEAD', signal: AbortSignal.timeout(CHAT_PAGE_MS) }).catch(
    () => undefined,
  );
  return answer?.ok ? page.href : undefined;
}

interface Stack {
  readonly home: string;
  readonly gateway: string;
  readonly chat: string | undefined;
  readonly dashboard: string;
  readonly link: string;
}

function welcome(stack: Stack): string {
  const secret = process.env.HERMES_DASHBOARD_DRAIN_SECRET
    ? '$HERMES_DASHBOARD_DRAIN_SECRET'
    : `$(cat ${quoted(join(stack.home, '.dashboard_token'))})`;
  const chat = stack.chat === undefined ? '' : `\n  chat     ${stack.chat}`;
  return `${chat}
  page     ${stack.link}
  gateway  ${stack.gateway}
  home     ${stack.home}

In another terminal, first, for drainctl, hermes-gateway and hermes-s6:
  export HERMES_HOME=${quoted(stack.home)} PATH=${quoted(resolve('node_modules/.bin'))}:"$PATH"

Say something:
  curl -s ${stack.gateway}/v1/messages -H 'content-type: application/json' -d '{"session":"me","text":"hello there"}'

Drain, and see the next message refused:
  curl -s -X POST ${stack.dashboard}/api/gateway/drain -H "authorization: Bearer ${secret}"

Ctrl-C stops both.
`;
}
