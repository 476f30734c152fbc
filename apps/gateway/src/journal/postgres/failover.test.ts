import { once } from 'node:events';
import { eventually } from '@hermes/test-kit/eventually';
import { lacksPostgres, startPostgres, startStandby } from '@hermes/test-kit/postgres';
import { describe, expect, it } from 'vitest';
import { announcement, DONE } from '../../testing/announcements.ts';
import { databaseClient, openPostgresJournal } from '../../testing/postgres-journals.ts';
import { type TcpProxy, tcpProxy } from '../../testing/tcp-proxy.ts';
import { turn } from '../../testing/turns.ts';

/** Longer than a few looks for dead gateways take on a busy machine. */
const GRACE_MS = 10_000;
const TIMES = { graceMs: GRACE_MS, holdMs: 120_000, lastRetryMs: 100 };

describe.skipIf(lacksPostgres())('two gateways whose PostgreSQL server fails over to its standby', () => {
  it('keep their turns, and no turn is taken over from the one that is back later', async () => {
    const primary = await startPostgres({ track_functions: 'pl' });
    const standby = await startStandby(primary);
    const open = async (name: string, proxy: TcpProxy) => {
      const at = { url: `postgresql://postgres@127.0.0.1:${proxy.port}/postgres`, schema: 'hermes' };
      const journal = await openPostgresJournal({ at, name, times: TIMES });
      const lost: string[] = [];
      journal.fleet.on('lost', (problem) => lost.push(`${name}: ${problem}`));
      return { journal, lost, running: await journal.accept(runningTurn(name)) };
    };
    const proxies = [await tcpProxy(primary.port), await tcpProxy(primary.port)] as const;
    const [one, other] = [await open('one', proxies[0]), await open('other', proxies[1])];
    expect([one.running, other.running]).toEqual(['running', 'running']);
    const admin = await databaseClient({ url: standby.url, schema: 'hermes' });
    await eventually(async () => {
      const sql = `select clock_timestamp() - pg_postmaster_start_time() > '${GRACE_MS} ms' as has_run_long`;
      expect((await admin.query(sql)).rows).toEqual([{ has_run_long: true }]);
    });
    await standby.promote();
    for (const proxy of proxies) await proxy.close();
    await primary.stop();

    const resynced = once(one.journal.fleet, 'resync');
    await proxies[0].open(standby.port);
    await resynced;
    // Several looks for dead gateways have found that the other one is not there.
    await eventually(async () => {
      const { rows } = await admin.query(`select calls::integer from pg_stat_user_functions where funcname = 'dead_1'`);
      expect(rows[0]?.calls).toBeGreaterThan(2);
    });
    const late = once(other.journal.fleet, 'resync');
    await proxies[1].open(standby.port);
    await late;
    for (const { journal } of [one, other]) expect(await journal.cutOffTurns()).toHaveLength(1);
    await one.journal.end('one', DONE, announcement('one', 'done'));
    await other.journal.end('other', DONE, announcement('other', 'done'));
    expect([...one.lost, ...other.lost]).toEqual([]);
  });
});

function runningTurn(id: string) {
  return turn(id, { session: id, status: 'running', attempts: 1, startedAt: 1_000 });
}
