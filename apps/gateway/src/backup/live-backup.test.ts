import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, it } from 'vitest';
import { failedStart, type GatewayProcess, startGateway } from '../testing/gateway-process.ts';
import { bodyOf } from '../testing/http-gateway.ts';
import { runCommand } from '../testing/run-command.ts';

const SESSIONS = 4;

/** An agent that records each answered message, and keeps sessions that begin with `slow` until the file `go` exists. */
function agentConfig(elsewhere: string): string {
  const script = `read text; case "$HERMES_SESSION" in slow*) while [ ! -e ${elsewhere}/go ]; do sleep 0.05; done;; esac; echo "$text" >> ${elsewhere}/answered; echo "answer to $text"`;
  return `agent:\n  kind: command\n  replay: true\n  command: [sh, -c, ${JSON.stringify(script)}]\n`;
}

/** Sends a message that is only to be accepted. @returns its turn, or `undefined` if it was not acknowledged. */
async function send(gateway: GatewayProcess, session: string, text: string): Promise<string | undefined> {
  const message = { session, text: `${text}\n`, message_id: text };
  const response = await gateway.post(message, { prefer: 'respond-async' }).catch(() => undefined);
  if (response?.status !== 202 && response?.status !== 200) return undefined;
  return String((await bodyOf(response)).turn_id);
}

/** Sends messages in a loop until stopped. */
function keepSending(gateway: GatewayProcess) {
  const acknowledged = new Map<string, string>();
  let isStopped = false;
  const loop = (async () => {
    for (let n = 0; !isStopped; n++) {
      const id = await send(gateway, `loop${n % SESSIONS}`, `loop-${n}`);
      if (id !== undefined) acknowledged.set(`loop-${n}`, id);
    }
  })();
  const stop = (): Promise<void> => {
    isStopped = true;
    return loop;
  };
  return { acknowledged, stop };
}

it('a backup of a busy gateway has every message acknowledged before, and a restored one answers each once', async () => {
  const [home, elsewhere] = [temporaryDirectory(), temporaryDirectory()];
  writeFileSync(join(home, 'config.yaml'), agentConfig(elsewhere));
  writeFileSync(join(elsewhere, 'answered'), '');
  const original = await startGateway({ home });
  const slow = ['slow-1', 'slow-2', 'slow-3'];
  const before = new Map<string, string>();
  // The first runs, the others are queued behind it.
  for (const text of slow) before.set(text, String(await send(original, 'slow', text)));
  const done = await original.post({ session: 'done', text: 'done\n', message_id: 'done' }).then(bodyOf);
  const traffic = keepSending(original);
  await eventually(() => expect(traffic.acknowledged.size).toBeGreaterThan(10));
  for (const [text, id] of traffic.acknowledged) before.set(text, id);
  const file = join(temporaryDirectory(), 'b.tar.gz');
  // In another process: this one continues to send.
  expect(await failedStart({ home, args: ['backup', file] })).toMatchObject({ code: 0 });
  await traffic.stop();
  original.kill('SIGKILL');
  await original.exited;
  const answeredBefore = lines(elsewhere);

  const restored = join(temporaryDirectory(), 'restored');
  expect(runCommand(['restore', file, restored])).toMatchObject({ code: 0 });
  // It ends the agents that the killed gateway left behind, before it runs their turns again.
  const next = await startGateway({ home: restored });
  writeFileSync(join(elsewhere, 'go'), '');
  for (const [text, id] of before) {
    const session = text.startsWith('slow') ? 'slow' : `loop${Number(text.slice(5)) % SESSIONS}`;
    // Sent again: the stored answer, or that of the first turn.
    const answer = await next.post({ session, text: `${text}\n`, message_id: text }).then(bodyOf);
    expect(answer).toMatchObject({ turn_id: id, status: 'done', reply: `answer to ${text}\n` });
  }
  expect(await next.post({ session: 'done', text: 'done\n', message_id: 'done' }).then(bodyOf)).toEqual(done);
  const answered = lines(elsewhere);
  // Those that ran to their end before the backup are not run again.
  for (const text of slow) expect(answered.filter((line) => line === text)).toHaveLength(1);
  expect(answered.filter((line) => line === 'done')).toHaveLength(1);
  expect(answeredBefore).not.toContain('slow-1');
});

function lines(directory: string): string[] {
  return readFileSync(join(directory, 'answered'), 'utf8').split('\n');
}
