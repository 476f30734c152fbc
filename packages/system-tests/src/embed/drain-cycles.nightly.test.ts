import { expect, test } from 'vitest';
import { Crowd } from '../live/crowd.ts';
import { drainCycle } from '../live/drain-cycle.ts';
import { DocumentedServer, lackingFor, PROVEN_SERVERS } from './documented-server.ts';

const CYCLES = Number(process.env.HERMES_CYCLES || 30);
const CLIENTS = 4;
const ask = (session: string) => ({ method: 'GET', path: `/chat?text=x&session=${session}` });

for (const heading of PROVEN_SERVERS) {
  test.skipIf(lackingFor(heading))(
    `the server below "${heading}" admits no turn under a drain and counts right in ${CYCLES} drains with ${CLIENTS} clients`,
    { timeout: 60_000 + CYCLES * 3_000 },
    async () => {
      await using server = await DocumentedServer.start(heading);
      server.model.atOnce.add('x');
      await using crowd = new Crowd(await server.url(), CLIENTS, ask);
      let [accepted, refused] = [0, 0];
      for (let cycle = 0; cycle < CYCLES; cycle += 1) {
        const outcome = await drainCycle(server.operator, crowd, async ({ request_id }, { refused }) => {
          const { body } = await server.operator.untilDrained();
          expect(body).toMatchObject({ safe_to_stop: true, request_id });
          const counts = { active_agents: 0, active_work: [], refused_turns: refused };
          await server.published({ gateway_state: 'draining', drain: { request_id }, ...counts });
        });
        expect(outcome.slipped).toEqual([]);
        await server.published({ gateway_state: 'running', drain: null, active_agents: 0, refused_turns: 0 });
        accepted += outcome.accepted;
        refused += outcome.refused;
      }
      console.info(`"${heading}": ${CYCLES} drains, ${accepted} turns admitted, ${refused} refused`);
      expect(accepted).toBeGreaterThanOrEqual(CYCLES);
      expect(refused).toBeGreaterThan(0);
      expect(server.program.running).toBe(true);
    },
  );
}
