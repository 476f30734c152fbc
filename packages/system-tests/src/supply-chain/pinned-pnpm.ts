import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const CHECKOUT = fileURLToPath(new URL('../../../../', import.meta.url));
const EXECUTABLE = `@pnpm/exe.${process.platform}-${process.arch}`;
const TIMEOUT_MS = 50_000;

/** What stands for pnpm: it only prints what it was asked to do. */
const STAND_IN = '#!/bin/sh\necho "pnpm was asked to: $*" >&2\nexit 1\n';

/** A checkout with our start scripts, whose pnpm comes from a registry on loopback. */
export class PinnedPnpm implements AsyncDisposable {
  readonly #root = mkdtempSync(join(tmpdir(), 'hermes-pnpm-'));
  readonly #tarballs = new Map<string, Buffer>();
  readonly #server: Server;
  /** Paths that were asked for. */
  readonly requests: string[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      this.requests.push(request.url ?? '');
      const tarball = this.#tarballs.get(basename(request.url ?? ''));
      response.writeHead(tarball ? 200 : 404).end(tarball);
    });
  }

  static async create(): Promise<PinnedPnpm> {
    const checkout = new PinnedPnpm();
    checkout.#server.listen(0, '127.0.0.1');
    await once(checkout.#server, 'listening');
    await checkout.#fill();
    return checkout;
  }

  /** Has the registry serve another tarball than the one that the lockfile pins. */
  async tamperWith(name: 'wrapper' | 'executable'): Promise<void> {
    await this.#pack(name === 'wrapper' ? 'pnpm' : EXECUTABLE, `${STAND_IN}# not what was pinned\n`);
  }

  /** A PATH on which `pnpm` is the stand-in. */
  standInPath(): string {
    return `${join(this.#root, 'source/package')}:${process.env.PATH}`;
  }

  edit(file: string, change: (text: string) => string): void {
    const path = join(this.#root, file);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  }

  /** `npm start`, as on a machine that has Node and npm. */
  async start(extra: NodeJS.ProcessEnv = {}): Promise<{ readonly code: number; readonly stderr: string }> {
    const npm = {
      npm_config_cache: join(this.#root, 'cache'),
      npm_config_registry: this.#url,
      npm_config_fetch_retries: '0',
    };
    const env = { PATH: process.env.PATH, HOME: this.#root, TMPDIR: process.env.TMPDIR ?? '/tmp', ...npm, ...extra };
    const options = { cwd: this.#root, env, timeout: TIMEOUT_MS };
    const command = promisify(execFile)(process.execPath, ['scripts/bootstrap.mjs', 'start'], options);
    return await command.then(
      ({ stderr }) => ({ code: 0, stderr }),
      ({ code, stderr }) => ({ code, stderr }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    rmSync(this.#root, { recursive: true, force: true });
  }

  get #url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the registry does not listen');
    return `http://127.0.0.1:${address.port}`;
  }

  async #fill(): Promise<void> {
    const only = (path: string) => !path.includes('node_modules');
    cpSync(join(CHECKOUT, 'scripts'), join(this.#root, 'scripts'), { recursive: true, filter: only });
    writeFileSync(join(this.#root, 'pnpm-lock.yaml'), 'lockfileVersion: "9.0"\n');
    const wrapper = await this.#pack('pnpm', STAND_IN);
    const executable = await this.#pack(EXECUTABLE, STAND_IN);
    const hash = Buffer.from(wrapper.integrity.slice('sha512-'.length), 'base64').toString('hex');
    this.#write('package.json', { packageManager: `pnpm@1.0.0+sha512.${hash}` });
    const root = { dependencies: { pnpm: '1.0.0' }, optionalDependencies: { [EXECUTABLE]: '1.0.0' } };
    this.#write('scripts/pnpm/package.json', root);
    const packages = {
      '': root,
      'node_modules/pnpm': wrapper,
      [`node_modules/${EXECUTABLE}`]: { ...executable, optional: true },
    };
    this.#write('scripts/pnpm/package-lock.json', { lockfileVersion: 3, requires: true, packages });
  }

  /** @returns what a lockfile says of it. */
  async #pack(name: string, program: string): Promise<{ version: string; resolved: string; integrity: string }> {
    const file = `${name.replace('/', '-').replace('@', '')}-1.0.0.tgz`;
    const source = join(this.#root, 'source');
    this.#write('source/package/package.json', { name, version: '1.0.0' });
    writeFileSync(join(source, 'package/pnpm'), program);
    chmodSync(join(source, 'package/pnpm'), 0o755);
    await promisify(execFile)('tar', ['-czf', file, 'package'], { cwd: source });
    const tarball = readFileSync(join(source, file));
    this.#tarballs.set(file, tarball);
    const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
    return { version: '1.0.0', resolved: `${this.#url}/${file}`, integrity };
  }

  #write(file: string, content: object): void {
    const path = join(this.#root, file);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);
  }
}
