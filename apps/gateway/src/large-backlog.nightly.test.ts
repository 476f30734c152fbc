import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { clearDrainRequest, JOURNAL_FILENAME, writeDrainRequest } from '@hermes/drain-contract';
import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, it } from 'vitest';
import { type GatewayProcess, startGateway } from './testing/gateway-process.ts';
import { bodyOf } from './testing/http-gateway.ts';

const SMALL_HEAP = { NODE_OPTIONS: '--max-old-space-size=256', HERMES_LOG_LEVEL: 'warn' };
const TEXT = 'x'.repeat(99_000);
const CLIENTS = 12;
/** More than fit, and more than the heap holds. */
const MESSAGES = 6_000;
const ENOUGH_REFUSED = 100;

/** Sends messages until enough are refused. @returns how many got each answer. */
async function flood(gateway: GatewayProcess): Promise<Record<string, number>> {
  const answers: Record<string, number> = {};
  let sent = 0;
  const send = async (): Promise<void> => {
    while (sent < MESSAGES && (answers['503 overloaded'] ?? 0) < ENOUGH_REFUSED) {
      const n = sent++;
      const body = { session: `s${n}`, text: TEXT, message_id: `m${n}` };
      const response = await gateway.post(body, { prefer: 'respond-async' });
      const { code, status } = await bodyOf(response);
      const answer = `${response.status} ${code ?? status}`;
      answers[answer] = (answers[answer] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, send));
  return answers;
}

/** How many turns have ended, and been answered with their own text. */
function ended(home: string): { ended: number; answered: number } {
  using database = new DatabaseSync(join(home, JOURNAL_FILENAME), { readOnly: true, timeout: 5_000 });
  const sql = `SELECT count(*) AS ended, total(status = 'done' AND reply = text) AS answered
    FROM turns WHERE ended_at IS NOT NULL`;
  return { ...database.prepare(sql).get() } as { ended: number; answered: number };
}

it('a gateway with a small heap refuses what is too much, starts with all it has accepted, and answers it', {
  timeout: 300_000,
}, async () => {
  const home = temporaryDirectory();
  writeFileSync(join(home, 'config.yaml'), 'on_drain: queue\n');
  const first = await startGateway({ home, environment: SMALL_HEAP });
  await writeDrainRequest({ home });
  const answers = await flood(first);
  expect(Object.keys(answers).toSorted()).toEqual(['202 accepted', '503 overloaded']);
  const accepted = answers['202 accepted'] ?? 0;
  expect(accepted).toBeGreaterThan(2_000);
  first.kill('SIGKILL');
  await first.exited;

  const second = await startGateway({ home, environment: SMALL_HEAP });
  expect(await fetch(`${second.url}/readyz?verbose`).then(bodyOf)).toMatchObject({ queued_turns: accepted });
  await clearDrainRequest({ home });
  const all = { ended: accepted, answered: accepted };
  await eventually(() => expect(ended(home)).toEqual(all), 200_000);
  expect((await second.post({ session: 's', text: 'hello' })).status).toBe(200);
});

it('an agent that says too much at once in many turns ends them, not the gateway', { timeout: 120_000 }, async () => {
  const home = temporaryDirectory();
  const agent = '{kind: command, command: [sh, -c, "yes | head -c 60000000"], max_output: 67108864}';
  writeFileSync(join(home, 'config.yaml'), `agent: ${agent}\n`);
  const gateway = await startGateway({ home, environment: SMALL_HEAP });
  const sessions = Array.from({ length: 12 }, (_, n) => `s${n}`);
  const answers = await Promise.all(
    sessions.map(async (session) => bodyOf(await gateway.post({ session, text: 'hello' }))),
  );
  const tooMuch = /longer than 16777216 bytes|no memory left/;
  for (const answer of answers) {
    expect(answer).toMatchObject({ code: 'turn-failed', detail: expect.stringMatching(tooMuch) });
  }
  expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
});
