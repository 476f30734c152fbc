import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { memoryDirectory } from '@hermes/test-kit';
import { compile } from '../../stopwatch/compile.ts';
import { type Reading, Stopwatch } from '../../stopwatch/stopwatch.ts';
import { makeHome, OWNER, profileName } from './home.ts';

/** The words of a command that reconciles into a scan directory. */
export type CommandFor = (scandir: string) => readonly string[];

const HERMES_S6 = fileURLToPath(new URL('../../../../../s6-reconciler/bin/hermes-s6.js', import.meta.url));
const REFERENCE = fileURLToPath(new URL('reference.py', import.meta.url));

/** Homes on a volume, scan directories in memory as in a container, and the programs that are timed on them; nothing of it is left when it is disposed. */
export class Rig implements Disposable {
  readonly #volume = mkdtempSync(join(tmpdir(), 'hermes-bench-'));
  readonly #memory = mkdtempSync(join(memoryDirectory(), 'hermes-bench-'));
  readonly #homes = new Map<number, string>();
  readonly #owner = OWNER === undefined ? [] : [OWNER];
  readonly stopwatch = new Stopwatch(this.#volume);

  constructor() {
    // The homes in it are read by their owner.
    chmodSync(this.#volume, 0o755);
  }

  /** A home of that many profiles, made once. */
  home(profiles: number): string {
    const home = this.#homes.get(profiles) ?? makeHome(join(this.#volume, `home-${profiles}`), profiles);
    this.#homes.set(profiles, home);
    return home;
  }

  ours(home: string): CommandFor {
    const user = this.#owner.flatMap((owner) => ['--user', owner]);
    const options = ['--home', home, ...user, '--max-services', '1000000'];
    return (scandir) => [process.execPath, HERMES_S6, 'reconcile', '--scandir', scandir, ...options];
  }

  /** @param like what {@link like} made for the same home. */
  reference(home: string, like: string): CommandFor {
    // What `python3` is may be a script that finds one.
    const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
    return (scandir) => [python, REFERENCE, home, scandir, like, ...this.#owner];
  }

  /** @param like as for {@link reference}. */
  sameCalls(home: string, like: string): CommandFor {
    const program = compile(new URL('same-calls.c', import.meta.url), this.#volume);
    return (scandir) => [program, home, scandir, like, ...this.#owner];
  }

  /** An empty scan directory. */
  scandir(): string {
    return mkdtempSync(join(this.#memory, 'scandir-'));
  }

  /** What it takes to fill an empty scan directory; to empty it again is not counted. */
  fill(command: CommandFor): Reading {
    const scandir = this.scandir();
    try {
      return this.stopwatch.time(command(scandir));
    } finally {
      rmSync(scandir, { recursive: true });
    }
  }

  /** A directory with two of the slots that ours makes for `home`, for the other contenders to fill in for all. */
  like(home: string): string {
    const scandir = this.scandir();
    const like = mkdtempSync(join(this.#memory, 'like-'));
    this.stopwatch.time(this.ours(home)(scandir));
    for (const slot of ['gateway-default', `gateway-${profileName(1)}`])
      renameSync(join(scandir, slot), join(like, slot));
    rmSync(scandir, { recursive: true });
    return like;
  }

  [Symbol.dispose](): void {
    for (const directory of [this.#volume, this.#memory]) rmSync(directory, { recursive: true, force: true });
  }
}
