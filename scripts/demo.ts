import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, styleText } from 'node:util';
import { StackClient, startDashboard, startGateway } from '@hermes/local-stack';

const HELP = `Runs a complete drain against a real gateway and dashboard, and checks the result of each step.

Usage: npm run demo

Exit codes:
  0  every step had the expected result
  1  a step failed
`;

const TURN_MS = 3_000;
const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
if (values.help) process.stdout.write(HELP);
else process.exitCode = await demo();

async function demo(): Promise<number> {
  const home = await mkdtemp(join(tmpdir(), 'hermes-demo-'));
  await writeFile(join(home, 'config.yaml'), `agent: { kind: echo, delay_ms: ${TURN_MS} }\n`);
  const env = {
    API_SERVER_PORT: '0',
    HERMES_DASHBOARD_PORT: '0',
    HERMES_LOG_LEVEL: 'warn',
    HERMES_DASHBOARD_LOG_LEVEL: 'warn',
    HERMES_DASHBOARD_DRAIN_SECRET: undefined,
  };
  const gateway = await startGateway({ home, env });
  try {
    const dashboard = await startDashboard({ home, env });
    try {
      await play(new StackClient(gateway.url, dashboard.link));
      process.stdout.write(styleText('green', '\nEvery step had the expected result.\n'));
      return 0;
    } finally {
      await dashboard.program.stop();
    }
  } catch (error) {
    process.stderr.write(
      styleText('red', `\n${error instanceof Error ? error.message : error}\n`, { stream: process.stderr }),
    );
    return 1;
  } finally {
    await gateway.program.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function play(story: StackClient): Promise<void> {
  tell(`A turn of ${TURN_MS / 1000} s starts.`);
  const slow = story.say('anna', 'write me a long poem');
  await eventually('the dashboard shows 1 turn in flight', async () => (await story.status()).body.active_agents === 1);

  tell('The operator begins a drain.');
  const begun = await story.beginDrain({ reason: 'update to the next version' });
  check(
    'it is acknowledged with a request id',
    begun.status === 200 && typeof begun.body.request_id === 'string',
    begun,
  );

  tell('Another user writes.');
  const refused = await story.say('ben', 'hello?');
  check('the message is refused: draining', refused.status === 503 && refused.body.code === 'draining', refused);

  tell('The operator waits.');
  const drained = story.untilDrained();
  const poem = await slow;
  check(
    'the turn in flight finished untouched',
    poem.status === 200 && poem.body.reply === 'write me a long poem',
    poem,
  );
  const safe = await drained;
  const own = safe.body.request_id === begun.body.request_id;
  check('safe to stop, for this very request', safe.body.safe_to_stop === true && own, safe);

  tell('The operator changes their mind.');
  const cancelled = await story.cancelDrain();
  check('the drain is cancelled', cancelled.status === 200 && cancelled.body.was_draining === true, cancelled);

  tell('Another user writes again.');
  const accepted = await story.say('ben', 'hello again');
  check('the message is answered', accepted.status === 200 && accepted.body.reply === 'hello again', accepted);
}

function tell(line: string): void {
  process.stdout.write(`\n${styleText('bold', line)}\n`);
}

function check(what: string, ok: boolean, found: unknown): void {
  if (!ok) throw new Error(`expected: ${what}; found ${JSON.stringify(found)}`);
  process.stdout.write(`  ${styleText('green', 'ok')} ${what}\n`);
}

async function eventually(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  let ok = await condition();
  while (!ok && Date.now() < deadline) ok = await condition();
  check(what, ok, 'not within 10 s');
}
