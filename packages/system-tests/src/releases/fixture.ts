import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { onTestFinished } from 'vitest';
import { CHECKOUT } from './tarball.ts';

const RELEASE = join(CHECKOUT, 'scripts/release.ts');
const NOW = { node: '>=22.13' };
const VERSION = '1.1.0';

export interface Released {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a release finds in its environment. */
export interface Surroundings {
  /** The .npmrc of the user. */
  readonly npmrc: string;
  /** Everything that does not go to loopback goes there. */
  readonly proxy: string;
}

/** A small repository that is released by our command: a command, a library that needs it, and a private workspace. */
export class Fixture {
  readonly root = temporaryDirectory();
  readonly version = VERSION;
  /** More of what the command finds in its environment. */
  readonly environment: Record<string, string> = {};
  readonly #surroundings: Surroundings;
  readonly one: string;
  readonly two: string;

  /** @param prefix of the names of its packages: several repositories share a registry */
  constructor(prefix: string, surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.one = `@hermes/${prefix}-one`;
    this.two = `@hermes/${prefix}-two`;
    this.#fill();
    this.git('init', '--quiet', '--initial-branch=main');
    this.git('config', 'user.name', 'Release Test');
    this.git('config', 'user.email', 'release@test.invalid');
    this.commit();
  }

  /** Writes a file, and with an object its JSON. */
  write(file: string, content: string | object): void {
    const path = join(this.root, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
  }

  read(file: string): string {
    return readFileSync(join(this.root, file), 'utf8');
  }

  edit(file: string, change: (manifest: Record<string, unknown>) => object): void {
    this.write(file, change(JSON.parse(this.read(file))));
  }

  commit(): void {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--message', 'test: a state');
  }

  git(...words: string[]): string {
    return execFileSync('git', words, { cwd: this.root, encoding: 'utf8', env: this.#environment() }).trim();
  }

  /** `npm run release` with these options, without the tests unless they are wanted. */
  async release(...options: string[]): Promise<Released> {
    const child = spawn(process.execPath, [RELEASE, ...options], {
      cwd: this.root,
      env: this.#environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    onTestFinished(() => end(child));
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (words: string) => {
        said[name] += words;
      });
    }
    const [code] = await once(child, 'close');
    return { code, ...said };
  }

  #environment(): NodeJS.ProcessEnv {
    const { npmrc, proxy } = this.#surroundings;
    return {
      PATH: process.env.PATH,
      HOME: this.root,
      TMPDIR: process.env.TMPDIR ?? '/tmp',
      npm_config_userconfig: npmrc,
      npm_config_cache: join(this.root, '.npm'),
      http_proxy: proxy,
      https_proxy: proxy,
      HTTP_PROXY: proxy,
      HTTPS_PROXY: proxy,
      no_proxy: '127.0.0.1',
      NO_PROXY: '127.0.0.1',
      ...this.environment,
    };
  }

  #fill(): void {
    const { packageManager } = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8'));
    const scripts = { build: 'node build.mjs', test: 'node check.mjs' };
    this.write('package.json', { name: 'fixture', private: true, type: 'module', packageManager, scripts });
    this.write(
      'pnpm-workspace.yaml',
      'packages:\n  - packages/*\n\n# As in our own: the fixture is packed by the pnpm that is at hand.\npmOnFail: ignore\n',
    );
    const ignored = [
      'node_modules',
      'dist',
      'release',
      'scripts/pnpm',
      'pnpm-lock.yaml',
      '.npm',
      '.cache',
      '.config',
      '.local',
    ];
    this.write('.gitignore', `${ignored.join('\n')}\n`);
    this.write('.changeset/config.json', '{}\n');
    this.write('check.mjs', '');
    this.write('build.mjs', BUILD);
    const sizes = { packed: 20_000, unpacked: 20_000 };
    this.write('scripts/release/size-budgets.json', { [this.one]: sizes, [this.two]: sizes });
    symlinkSync(join(CHECKOUT, 'scripts/pnpm'), join(this.root, 'scripts/pnpm'));
    cpSync(join(CHECKOUT, 'LICENSE'), join(this.root, 'LICENSE'));
    this.#package('packages/one', this.one, { bin: { one: './bin/one.js' }, files: ['bin', 'CHANGELOG.md'] });
    this.write('packages/one/bin/one.js', `#!/usr/bin/env node\nconsole.log('${VERSION}');\n`);
    chmodSync(join(this.root, 'packages/one/bin/one.js'), 0o755);
    const exports = { '.': { types: './dist/index.d.ts', default: './dist/index.js' } };
    this.#package('packages/two', this.two, {
      exports,
      files: ['dist', 'CHANGELOG.md'],
      dependencies: { [this.one]: 'workspace:*' },
    });
    this.write('packages/two/src/index.js', 'export const two = 2;\n');
    this.write('packages/two/src/index.d.ts', 'export declare const two: number;\n');
    // As an installation would.
    mkdirSync(join(this.root, 'packages/two/node_modules/@hermes'), { recursive: true });
    symlinkSync('../../../one', join(this.root, 'packages/two/node_modules', this.one));
    const record = { 'golden:record': 'node record.mjs' };
    this.write('packages/system-tests/package.json', { name: '@hermes/system-tests', private: true, scripts: record });
    this.write('packages/system-tests/record.mjs', RECORD);
  }

  #package(directory: string, name: string, more: object): void {
    const repository = { type: 'git', url: 'git+https://git.internal/hermes.git', directory };
    const base = { name, version: VERSION, license: 'MIT', type: 'module', engines: NOW, repository };
    this.write(`${directory}/package.json`, { ...base, ...more });
    this.write(`${directory}/README.md`, `# ${name}\n\nSee the [documentation](https://docs.example/docs/index.md).\n`);
    this.write(
      `${directory}/CHANGELOG.md`,
      `# ${name}\n\n## ${VERSION}\n\n### Minor Changes\n\n- ${name} is new.\n\n## 1.0.0\n\n- Old.\n`,
    );
  }
}

const BUILD = `import { cpSync } from 'node:fs';\ncpSync('packages/two/src', 'packages/two/dist', { recursive: true });\n`;
const RECORD = `import { writeFileSync } from 'node:fs';\nwriteFileSync('../../release/recorded.json', JSON.stringify(process.argv.slice(2)));\n`;

/** With all that it has started. */
function end({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
}
