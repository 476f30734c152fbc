import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { CHECKOUT } from './tarball.ts';

const run = promisify(execFile);
const BOUND = { timeout: 600_000, maxBuffer: 20_000_000 };

/** The files of this checkout, committed or not, as a repository of its own that can be changed and released. */
export class Fork {
  readonly root: string;
  readonly #env: NodeJS.ProcessEnv;

  /** @param root is made @param npmrc of the user @param proxy for everything that is not loopback */
  constructor(root: string, npmrc: string, proxy: string) {
    this.root = root;
    const offline = { http_proxy: proxy, https_proxy: proxy, HTTP_PROXY: proxy, HTTPS_PROXY: proxy };
    const local = { no_proxy: '127.0.0.1', NO_PROXY: '127.0.0.1' };
    this.#env = { ...process.env, ...offline, ...local, npm_config_userconfig: npmrc, TURBO_TELEMETRY_DISABLED: '1' };
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: CHECKOUT,
    });
    for (const file of listed.toString().split('\0')) this.#copy(file);
    // Installed and verified there already.
    rmSync(join(this.root, 'scripts/pnpm'), { recursive: true });
    symlinkSync(join(CHECKOUT, 'scripts/pnpm'), join(this.root, 'scripts/pnpm'));
    this.#git('init', '--quiet', '--initial-branch=main');
    this.#git('config', 'user.name', 'Release Test');
    this.#git('config', 'user.email', 'release@test.invalid');
  }

  /** @throws {Error} nothing matches: what the test changes has moved. */
  edit(file: string, pattern: RegExp, replacement: string): void {
    const path = join(this.root, file);
    const before = readFileSync(path, 'utf8');
    const after = before.replace(pattern, replacement);
    if (after === before) throw new Error(`${file} has nothing that matches ${pattern}`);
    writeFileSync(path, after);
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.root, file), text);
  }

  commit(): void {
    this.#git('add', '--all');
    this.#git('commit', '--quiet', '--message', 'chore(release): version packages');
  }

  tags(): string[] {
    return this.#git('tag').trim().split('\n');
  }

  pnpm(...words: readonly string[]): Promise<string> {
    return this.node('scripts/pnpm.mjs', ...words);
  }

  /** Runs a script of it. @returns stdout. @throws {Error} with what it printed, when it fails. */
  async node(...words: readonly string[]): Promise<string> {
    const { stdout } = await run(process.execPath, words, { ...BOUND, cwd: this.root, env: this.#env });
    return stdout;
  }

  #git(...words: string[]): string {
    return execFileSync('git', words, { cwd: this.root, encoding: 'utf8' });
  }

  #copy(file: string): void {
    const from = join(CHECKOUT, file);
    if (file === '' || !lstatSync(from, { throwIfNoEntry: false })?.isFile()) return;
    mkdirSync(dirname(join(this.root, file)), { recursive: true });
    copyFileSync(from, join(this.root, file));
  }
}
