import { expect, test } from 'vitest';
import { DocumentedServer, lackingFor } from './documented-server.ts';

/** The line of a documented server that releases its permit, and what a forgetful author writes. */
const LEAKS = [
  ['Ten lines', 'releaseOnClose(permit, response);', ''],
  ['Python', 'with gate.admit(session) as permit:', 'if permit := gate.admit(session):'],
] as const;

for (const [heading, line, forgotten] of LEAKS) {
  test.skipIf(lackingFor(heading))(
    `the server below "${heading}" is never safe to stop when it leaks a permit, and its state names the session`,
    async () => {
      const edit = (code: string) => {
        expect(code).toContain(line);
        return code.replace(line, forgotten);
      };
      await using server = await DocumentedServer.start(heading, { edit });
      server.model.atOnce.add('x');
      expect(await (await server.chat('forgotten', 'x')).text()).toBe('x');
      await server.operator.beginDrain();
      const { body } = await server.operator.untilDrained(1);
      expect(body).toMatchObject({ safe_to_stop: false, gateway: { active_agents: 1 } });
      await server.published({ active_work: [{ session: 'forgotten' }] });
    },
  );
}
