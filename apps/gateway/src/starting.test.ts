import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { JOURNAL_FILENAME } from '@hermes/drain-contract';
import { temporaryDirectory } from '@hermes/test-kit';
import { expect, it } from 'vitest';
import { SqliteJournal } from './journal/sqlite/sqlite-journal.ts';
import { GatewayProcess } from './testing/gateway-process.ts';
import { turn } from './testing/turns.ts';

const LEFT = 20_000;
const REPEATED = 60;
const BOUND_MS = 120_000;

/** A home with turns that wait, as a gateway leaves them that is killed. */
async function homeWithBacklog(): Promise<string> {
  const home = temporaryDirectory();
  const journal = new SqliteJournal(join(home, JOURNAL_FILENAME));
  const text = 'x'.repeat(2_000);
  const left = Array.from({ length: LEFT }, (_, n) => turn(`t${n}`, { session: `s${n}`, messageId: `m${n}`, text }));
  await Promise.all(left.map((each) => journal.accept(each)));
  await journal.close();
  return home;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Repeats a message until it is not refused, as a client does. @returns the text of its answer. */
async function insist(url: string, n: number, accept: string): Promise<string> {
  const body = JSON.stringify({ session: `s${n}`, text: 'again', message_id: `m${n}` });
  const headers = { 'content-type': 'application/json', accept };
  const signal = AbortSignal.timeout(BOUND_MS);
  for (;;) {
    const answer = await fetch(`${url}/v1/messages`, { method: 'POST', headers, body, signal }).catch((error) => {
      if (signal.aborted) throw error;
    });
    const text = (await answer?.text()) ?? '';
    if (answer?.ok) return text;
    if (answer) expect([answer.status, text]).toEqual([503, expect.stringContaining('"code":"starting"')]);
    await delay(1);
  }
}

it('a message that is repeated while the gateway still starts is answered by its turn', async () => {
  const port = await freePort();
  const gateway = new GatewayProcess({ home: await homeWithBacklog(), environment: { API_SERVER_PORT: String(port) } });
  const url = `http://127.0.0.1:${port}`;
  const types = ['application/json', 'text/event-stream'];
  // The last ones that are taken over.
  const answers = Array.from({ length: REPEATED }, (_, n) => insist(url, LEFT - 1 - n, types[n % 2] ?? ''));
  for (const [n, text] of (await Promise.all(answers)).entries()) {
    expect(text).toContain(`"turn_id":"t${LEFT - 1 - n}"`);
    expect(text).toContain('"status":"done"');
  }
  await gateway.ready();
});
