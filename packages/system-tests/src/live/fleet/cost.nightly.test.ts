import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { lacksServers, Stage } from './stage.ts';

const IDLE_MS = 10_000;
const CLIENTS = Number(process.env.HERMES_FLEET_CLIENTS || 30);
/** Clock ticks of the kernel a second, on every Linux that Node supports. */
const TICKS = 100;
const TURNS = Number(process.env.HERMES_FLEET_TURNS || 1_500);

describe.skipIf(lacksServers())('three gateways that share a journal', () => {
  test(`${TURNS} turns show what one costs`, async () => {
    const route = { balancer: 'naive', isSticky: false } as const;
    await using stage = await Stage.start({ ...route, clients: CLIENTS, turnMs: 50, doesRepeat: false });
    const { all } = stage.gateways;
    const before = await look(stage);
    await stage.moreAnswers(TURNS);
    const after = await look(stage);
    await stage.judge();
    const idle = await look(stage);
    await delay(IDLE_MS);
    const later = await look(stage);
    const perSecond = (name: keyof Cost) => ((later[name] - idle[name]) / (IDLE_MS / 1_000) / all.length).toFixed(2);
    const per = (name: keyof Cost) => ((after[name] - before[name]) / (after.turns - before.turns)).toFixed(2);
    console.info(
      `${TURNS} turns of 50 ms, ${all.length} gateways: processor time a turn: gateway ${per('gatewayMs')} ms, ` +
        `PostgreSQL ${per('databaseMs')} ms; transactions a turn: ${per('commits')}; ` +
        `connections: ${after.connections}; ` +
        `a gateway without messages, a second: ${perSecond('commits')} transactions, processor time ` +
        `${perSecond('gatewayMs')} ms, PostgreSQL ${perSecond('databaseMs')} ms`,
    );
    expect(after.turns - before.turns).toBeGreaterThanOrEqual(TURNS);
  });
});

interface Cost {
  readonly turns: number;
  readonly gatewayMs: number;
  readonly databaseMs: number;
  readonly commits: number;
  readonly connections: number;
}

async function look({ clients, database, gateways }: Stage): Promise<Cost> {
  const [row] = await database.query<Pick<Cost, 'commits' | 'connections'>>(
    `select sum(xact_commit) as commits,
      (select count(*) from pg_stat_activity where application_name like 'hermes-gateway%') as connections
     from pg_stat_database`,
  );
  const turns = clients.answered;
  const gatewayMs = gateways.all.reduce((sum, { pid }) => sum + cpuMs(pid), 0);
  const databaseMs = family(database.pid).reduce((sum, pid) => sum + cpuMs(pid), 0);
  return { turns, gatewayMs, databaseMs, commits: row?.commits ?? 0, connections: row?.connections ?? 0 };
}

/** Processor time of a process, and of its children that have ended. */
function cpuMs(pid: number): number {
  return (
    (stat(pid)
      ?.slice(11, 15)
      .reduce((sum, ticks) => sum + Number(ticks), 0) ?? 0) *
    (1_000 / TICKS)
  );
}

function family(parent: number): number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return [parent, ...pids.filter((pid) => stat(pid)?.[1] === String(parent))];
}

/** The fields of `/proc/PID/stat` behind the name; `undefined` if the process has ended. */
function stat(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
