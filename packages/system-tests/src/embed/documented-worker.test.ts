import { eventually } from '@hermes/test-kit/eventually';
import { lacksPostgres, startPostgres } from '@hermes/test-kit/postgres';
import { makeWorkerUtils, type WorkerUtils } from 'graphile-worker';
import { expect, test } from 'vitest';
import { DocumentedServer } from './documented-server.ts';

/** The names of the tasks that wait in the queue, or run. */
async function jobs(queue: WorkerUtils): Promise<number> {
  return queue.withPgClient(async (client) => {
    const { rows } = await client.query('select count(*)::int as count from graphile_worker.jobs');
    return rows[0].count;
  });
}

test.skipIf(lacksPostgres())(
  'the worker in docs/embed.md takes no jobs in a drain, and ends those that run',
  async () => {
    const { url } = await startPostgres();
    const queue = await makeWorkerUtils({ connectionString: url });
    await queue.migrate();
    const ask = (text: string) => queue.addJob('reply', { session: 'anna', text });
    await using server = await DocumentedServer.start('Job workers', { env: { DATABASE_URL: url } });
    const { model, operator } = server;
    const inFlight = (count: number) =>
      eventually(async () => expect(await server.state()).toMatchObject({ active_agents: count }));

    await ask('long');
    await model.send('long', 'once ');
    await inFlight(1);
    await operator.beginDrain({ reason: 'new version' });
    await eventually(async () => expect(await server.state()).toMatchObject({ gateway_state: 'draining' }));
    await ask('waits');
    await model.finish('long', 'upon a time');
    expect((await operator.untilDrained()).body).toMatchObject({ safe_to_stop: true });

    server.program.child.kill('SIGTERM');
    expect(await server.program.exited).toEqual({ code: null, signal: 'SIGTERM' });
    await server.run();
    expect(await server.state()).toMatchObject({ gateway_state: 'draining', active_agents: 0 });
    expect(await jobs(queue)).toBe(1);
    await operator.cancelDrain();
    await model.finish('waits', 'hi');
    await eventually(async () => expect(await jobs(queue)).toBe(0));
    await inFlight(0);

    await ask('whole');
    await model.send('whole', 'once ');
    await inFlight(1);
    server.program.child.kill('SIGTERM');
    await eventually(async () => expect(await server.state()).toMatchObject({ gateway_state: 'stopping' }));
    await model.finish('whole', 'upon a time');
    expect(await server.program.exited).toEqual({ code: null, signal: 'SIGTERM' });
    expect(await server.state()).toMatchObject({ exit: { interrupted: 0 } });
    expect(await jobs(queue)).toBe(0);
    await queue.release();
  },
);
