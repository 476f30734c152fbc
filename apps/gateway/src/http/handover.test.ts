import { eventually } from '@hermes/test-kit/eventually';
import { lacksPostgres, postgresSchema } from '@hermes/test-kit/postgres';
import { describe, expect, it } from 'vitest';
import { bodyOf, httpGateway } from '../testing/http-gateway.ts';
import { openPostgresJournal } from '../testing/postgres-journals.ts';

const HELLO = { session: 's', text: 'hello' };

describe.skipIf(lacksPostgres())('a gateway that stops beside another one', () => {
  it('hands messages over, and refuses them when it is about to close', async () => {
    const at = await postgresSchema();
    const [journal, other] = [
      await openPostgresJournal({ at, name: 'leaving' }),
      await openPostgresJournal({ at, name: 'staying' }),
    ];
    const leaving = await httpGateway({ journal, onDrain: 'handover' });
    const staying = await httpGateway({ journal: other, onDrain: 'handover' });
    await eventually(() => expect(journal.fleet.takers).toBeGreaterThan(0));
    leaving.gateway.stop();
    const answer = leaving.post(HELLO);
    await eventually(() => expect(staying.agent.calls).toHaveLength(1));

    leaving.gateway.engine.endHandover();
    const refused = await leaving.post({ ...HELLO, text: 'again' });
    expect([refused.status, await bodyOf(refused)]).toEqual([503, expect.objectContaining({ code: 'stopping' })]);
    staying.agent.call(0).say('said');
    staying.agent.call(0).end();
    expect(await bodyOf(await answer)).toMatchObject({ status: 'done', reply: 'said' });
    await leaving.gateway.engine.whenAnswered(AbortSignal.abort());
  });
});
