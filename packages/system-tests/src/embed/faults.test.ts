import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lacking } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, onTestFinished, test } from 'vitest';
import { canMoveClock, MovableClock } from '../live/torture/movable-clock.ts';
import { Rng } from '../live/torture/rng.ts';
import { chooseSeed } from '../seed.ts';
import { Chatters } from './chatters.ts';
import { DocumentedServer, lackingFor, PROVEN_SERVERS } from './documented-server.ts';
import { expectAdmitted, FAULTS } from './faults.ts';

/** Every fault once, and then so many that are chosen. */
const MORE_FAULTS = Number(process.env.HERMES_EMBED_FAULTS || 0);
const CLIENTS = 3;
const SEED = chooseSeed();
const NAMES = Object.keys(FAULTS);
const isClockFixed = lacking("Debian's faketime, for the clock of an embedded server", canMoveClock);

function movableClock(): MovableClock | undefined {
  if (isClockFixed) return undefined;
  const directory = mkdtempSync(join(tmpdir(), 'hermes-embed-clock-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return new MovableClock(directory);
}

for (const heading of PROVEN_SERVERS) {
  test.skipIf(lackingFor(heading))(
    `the server below "${heading}" survives ${NAMES.length + MORE_FAULTS} faults, and admits no turn when it must not`,
    { timeout: 180_000 + (NAMES.length + MORE_FAULTS) * 20_000 },
    async () => {
      const rng = new Rng(SEED);
      const clock = movableClock();
      await using server = await DocumentedServer.start(heading, clock ? { env: clock.env } : {});
      await using chatters = new Chatters(server, CLIENTS);
      const chosen = Array.from({ length: MORE_FAULTS }, () => rng.pick(NAMES));
      for (const [n, name] of [...NAMES, ...chosen].entries()) {
        try {
          await FAULTS[name]?.({ server, chatters, clock, rng });
          await eventually(() => expectAdmitted(server));
          expect(chatters.slipped).toBe(0);
        } catch (error) {
          throw new Error(`fault ${n} of seed ${SEED}, ${name}: ${(error as Error).message}`, { cause: error });
        }
      }
      console.info(`"${heading}", seed ${SEED}: ${chatters.admitted} turns admitted`);
      await chatters[Symbol.asyncDispose]();
      await server.published({ gateway_state: 'running', active_agents: 0, drain: null });
      expect(await server.program.kill('SIGTERM')).toEqual({ code: null, signal: 'SIGTERM' });
    },
  );
}
