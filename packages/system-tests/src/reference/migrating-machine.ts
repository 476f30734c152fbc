import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type GatewayStateView, readGatewayState, shellLine } from '@hermes/drain-contract';
import { type RunningDashboard, StackClient, startDashboard } from '@hermes/local-stack';
import { memoryDirectory, temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, onTestFinished } from 'vitest';
import { firstProcess, NEW_BOOT } from '../live/new-boot.ts';
import { killAllIn } from '../live/s6/processes.ts';
import { STAND_IN } from './stand-in.ts';

const BIN = dirname(fileURLToPath(new URL('../../node_modules/.bin/hermes-s6', import.meta.url)));
const BOUND_MS = 120_000;

/** Who brings gateways back at a boot: the reference system, our reconciler for migrated profiles after it, or ours alone. */
export type Boot = 'reference' | 'mixed' | 'ours';

/** A machine with a volume that outlives its boots. Each boot has its own PID 1, which is a real s6-svscan. */
export class MigratingMachine {
  readonly home = temporaryDirectory();
  readonly #memory = mkdtempSync(join(memoryDirectory(), 'hermes-boot-'));
  readonly scandir = join(this.#memory, 'scan');
  readonly #mixed: readonly string[];
  #boot: ChildProcess | undefined;
  #dashboard: RunningDashboard | undefined;

  /** @param mixed what a boot does for the profiles that have moved. */
  constructor(mixed: readonly string[]) {
    this.#mixed = mixed;
    onTestFinished(async () => {
      await this.powerCut();
      await killAllIn([this.home, this.#memory]);
      rmSync(this.#memory, { recursive: true, force: true });
    });
  }

  /** A profile of the reference system, which has never run. */
  addProfile(name: string): void {
    const home = this.homeOf(name);
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'SOUL.md'), '');
    // As that system has it: the key "agent" has another meaning there.
    writeFileSync(join(home, 'config.yaml'), 'model: {default: some-model}\nagent: {max_turns: 90}\n');
  }

  homeOf(profile: string): string {
    return profile === 'default' ? this.home : join(this.home, 'profiles', profile);
  }

  slot(profile: string): string {
    return join(this.scandir, `gateway-${profile}`);
  }

  /** Starts the machine, with an empty /run, and our dashboard on it. */
  async start(boot: Boot): Promise<void> {
    rmSync(this.scandir, { recursive: true, force: true });
    mkdirSync(this.scandir);
    const reference = shellLine(['python3', '-B', STAND_IN, 'boot', '--scandir', this.scandir]);
    const ours = shellLine(['hermes-s6', 'reconcile', '--home', this.home, '--scandir', this.scandir]);
    const scripts = { reference: [reference], mixed: [reference, ...this.#mixed], ours: [ours] }[boot];
    const svscan = `exec ${shellLine(['s6-svscan', '-d', '3', '-t', '0', this.scandir])}`;
    const [command = '', ...args] = NEW_BOOT;
    this.#boot = spawn(command, [...args, 'sh', '-ec', [...scripts, svscan].join('\n')], {
      cwd: '/',
      env: this.environment,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    const exited = once(this.#boot, 'exit').then(() => 'ended');
    let said = '';
    this.#boot.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const ready = once(this.#boot.stdio[3] as NodeJS.EventEmitter, 'data', { signal: AbortSignal.timeout(BOUND_MS) });
    if ((await Promise.race([ready, exited])) === 'ended') throw new Error(`the boot failed: ${said}`);
    this.#dashboard = await startDashboard({
      home: this.home,
      within: this.#within,
      env: {
        S6_PROFILE_GATEWAY_SCANDIR: this.scandir,
        HERMES_DASHBOARD_PORT: '0',
        HERMES_DASHBOARD_DRAIN_SECRET: undefined,
      },
      onStderr: () => undefined,
    });
  }

  get dashboard(): RunningDashboard {
    if (!this.#dashboard) throw new Error('the machine is off');
    return this.#dashboard;
  }

  client(profile: string): StackClient {
    return new StackClient(this.stateOf(profile)?.endpoint ?? '', this.dashboard.link);
  }

  /** Stops it as an engine does, and waits until nothing of it runs. */
  async shutDown(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Kills everything at once. */
  async powerCut(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const boot = this.#boot;
    if (!boot) return;
    this.#boot = undefined;
    const exited = once(boot, 'exit', { signal: AbortSignal.timeout(BOUND_MS) });
    if (boot.exitCode === null && boot.signalCode === null) {
      if (signal === 'SIGKILL') boot.kill(signal);
      else process.kill(firstProcess(boot.pid ?? 0), signal);
      await exited;
    }
    await this.#dashboard?.program.kill('SIGKILL');
    this.#dashboard = undefined;
  }

  /** Runs a command line on the machine, as a person pastes it. */
  paste(
    line: string,
    variables: Readonly<Record<string, string>> = {},
  ): { readonly code: number | null; readonly stdout: string; readonly stderr: string } {
    const [command = '', ...args] = [...this.#within, 'sh', '-ec', line];
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: '/',
      encoding: 'utf8',
      env: { ...this.environment, DRAINCTL_URL: this.dashboard.url, ...variables },
      timeout: BOUND_MS,
    });
    return { code: status, stdout, stderr };
  }

  /** As {@link paste}. @returns what it prints. @throws Error when it fails. */
  does(line: string, variables: Readonly<Record<string, string>> = {}): string {
    const { code, stdout, stderr } = this.paste(line, variables);
    if (code !== 0) throw new Error(`${line} ended with ${code}: ${stdout}${stderr}`);
    return stdout;
  }

  /** Runs a command of the reference system. @throws Error when it fails. */
  reference(...args: readonly string[]): string {
    return this.does(shellLine(['python3', '-B', STAND_IN, ...args]));
  }

  stateOf(profile: string): GatewayStateView | undefined {
    return readGatewayState({ home: this.homeOf(profile) });
  }

  /** Waits until exactly these profiles are up and ready, all others down, and says which system serves each. */
  async expectUp(expected: Readonly<Record<string, 'reference' | 'ours' | 'down'>>): Promise<void> {
    await eventually(() => {
      const found = Object.keys(expected).map((profile) => [profile, this.#servedBy(profile)]);
      expect(Object.fromEntries(found)).toEqual(expected);
    });
  }

  #servedBy(profile: string): string {
    const { status, stdout } = spawnSync('s6-svstat', ['-o', 'up', this.slot(profile)], { encoding: 'utf8' });
    if (status !== 0) return 'no slot';
    if (stdout.trim() !== 'true') return 'down';
    const state = this.stateOf(profile);
    const isReady = state?.gateway_state === 'running' || state?.gateway_state === 'draining';
    if (!isReady) return `up, ${state?.gateway_state}`;
    return state.version === null ? 'reference' : 'ours';
  }

  /** The environment of everything on the machine. */
  get environment(): NodeJS.ProcessEnv {
    return {
      PATH: `${BIN}:${process.env.PATH}`,
      HERMES_HOME: this.home,
      HERMES_USER: '0:0',
      S6_PROFILE_GATEWAY_SCANDIR: this.scandir,
      SCANDIR: this.scandir,
      STAND_IN_SCANDIR: this.scandir,
      STAND_IN_INTERVAL: '0.05',
    };
  }

  get #within(): string[] {
    const first = firstProcess(this.#boot?.pid ?? 0);
    return ['nsenter', '--target', String(first), '--pid', '--mount'];
  }

  /** The boot log, a line a profile and boot. */
  bootLog(): string[] {
    return readFileSync(join(this.home, 'logs/container-boot.log'), 'utf8').trim().split('\n');
  }
}
