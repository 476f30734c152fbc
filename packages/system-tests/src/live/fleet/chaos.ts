import { setTimeout as delay } from 'node:timers/promises';
import type { FleetGateway } from './gateways.ts';
import type { Stage } from './stage.ts';
import type { CutOff } from './verdict.pure.ts';

/** For so many ms, a gateway that was cut off from the database may leave its agents at work, plus a margin for a busy machine. */
export const NOTICE_MS = 5_000 + 3_000;

/** Longer than the others wait for a sign of life, so that turns are taken over from a frozen gateway. */
const FREEZE_MS = [500, 20_000] as const;

/** Faults drawn at random, one at a time, each repaired before the next or a little later. */
export class Chaos {
  readonly #stage: Stage;
  readonly #random: () => number;
  readonly cutOff: CutOff[] = [];
  readonly story: string[] = [];

  constructor(stage: Stage, random: () => number) {
    this.#stage = stage;
    this.#random = random;
  }

  /** Ms until the next fault. */
  pause(): number {
    return 500 + this.#random() * 3_000;
  }

  async fault(): Promise<void> {
    const faults = [this.#kill, this.#freeze, this.#terminate, this.#restartDatabase, this.#drain];
    const fault = faults[Math.floor(this.#random() * faults.length)] ?? this.#kill;
    const { all } = this.#stage.gateways;
    const gateway = all[Math.floor(this.#random() * all.length)] as FleetGateway;
    await fault.call(this, gateway);
  }

  /** Every gateway runs, is awake and takes turns. */
  async repair(): Promise<void> {
    for (const gateway of this.#stage.gateways.all) {
      gateway.thaw();
      await gateway.cancelDrain();
      if (!gateway.isRunning) await gateway.start();
    }
  }

  async #kill(gateway: FleetGateway): Promise<void> {
    this.#tell('kill', gateway);
    await gateway.kill();
    await delay(this.#random() * 2_000);
    await gateway.start();
  }

  async #freeze(gateway: FleetGateway): Promise<void> {
    const [shortest, longest] = FREEZE_MS;
    const ms = shortest + this.#random() ** 2 * (longest - shortest);
    this.#tell(`freeze for ${Math.round(ms)} ms`, gateway);
    const from = performance.now();
    await gateway.freeze();
    await delay(ms);
    gateway.thaw();
    this.#cut(gateway, from);
  }

  /** Ends all connections of one gateway: those that come from its process. */
  async #terminate(gateway: FleetGateway): Promise<void> {
    this.#tell('terminate its connections', gateway);
    const from = performance.now();
    await this.#stage.database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name like '%${gateway.name}%' and pid <> pg_backend_pid()`,
    );
    this.#cut(gateway, from);
  }

  async #restartDatabase(): Promise<void> {
    this.#tell('restart PostgreSQL');
    await this.#stage.database.restart();
  }

  async #drain(gateway: FleetGateway): Promise<void> {
    this.#tell('drain', gateway);
    await gateway.beginDrain();
    await delay(1_000 + this.#random() * 3_000);
    await gateway.cancelDrain();
  }

  #tell(what: string, gateway?: FleetGateway): void {
    const at = ((performance.now() - this.#stage.startedAt) / 1_000).toFixed(1);
    this.story.push(`${at} s ${what}${gateway ? ` ${gateway.name}` : ''}`);
  }

  /** From the fault until it must have noticed, other gateways may start its turns while its agents are at work. */
  #cut({ name }: FleetGateway, from: number): void {
    this.cutOff.push({ gateway: name, from, to: performance.now() + NOTICE_MS });
  }
}
