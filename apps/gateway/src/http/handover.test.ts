import { eventually } from '@hermes/test-kit/eventually';
import { lacksPostgres, postgresSchema } from '@hermes/test-kit/postgres';
import { describe, expect, it, vi } from 'vitest';
import { bodyOf, httpGateway } from '../testing/http-gateway.ts';
import { openPostgresJournal } from '../testing/postgres-journals.ts';

const HELLO = { session: 's', text: 'hello' };

/** A gateway that stops, and another one that takes turns. */
async function twoGateways() {
  const at = await postgresSchema();
  const [journal, other] = [
    await openPostgresJournal({ at, name: 'leaving' }),
    await openPostgresJournal({ at, name: 'staying' }),
  ];
  const leaving = await httpGateway({ journal, onDrain: 'handover' });
  const staying = await httpGateway({ journal: other, onDrain: 'handover' });
  await eventually(() => expect(journal.fleet.takers).toBeGreaterThan(0));
  leaving.gateway.stop();
  const answer = (reply: string) => {
    staying.agent.call(0).say(reply);
    staying.agent.call(0).end();
  };
  return { journal, leaving, staying, answer };
}

const NEVER = new AbortController().signal;

describe.skipIf(lacksPostgres())('a gateway that stops beside another one', () => {
  it('hands messages over, and refuses them when it is about to close', async () => {
    const { leaving, staying, answer } = await twoGateways();
    const response = leaving.post(HELLO);
    await eventually(() => expect(staying.agent.calls).toHaveLength(1));

    leaving.gateway.engine.endHandover();
    const refused = await leaving.post({ ...HELLO, text: 'again' });
    expect([refused.status, await bodyOf(refused)]).toEqual([503, expect.objectContaining({ code: 'stopping' })]);
    answer('said');
    expect(await bodyOf(await response)).toMatchObject({ status: 'done', reply: 'said' });
    await leaving.gateway.engine.whenAnswered(NEVER);
  });

  it('waits for the answer of a message that is being stored', async () => {
    const { journal, leaving, staying, answer } = await twoGateways();
    const [storing, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const accept = journal.accept.bind(journal);
    vi.spyOn(journal, 'accept').mockImplementation(async (turn) => {
      storing.resolve();
      await released.promise;
      return accept(turn);
    });
    const response = leaving.post(HELLO);
    await storing.promise;
    leaving.gateway.engine.endHandover();
    let isAnswered = false;
    const answered = leaving.gateway.engine.whenAnswered(NEVER).then(() => {
      isAnswered = true;
    });
    released.resolve();
    await eventually(() => expect(staying.agent.calls).toHaveLength(1));
    expect(isAnswered).toBe(false);
    answer('said');
    await answered;
    expect(await bodyOf(await response)).toMatchObject({ status: 'done', reply: 'said' });
  });
});
