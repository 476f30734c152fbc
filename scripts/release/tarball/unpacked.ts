import { createHash } from 'node:crypto';
import { globSync, lstatSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Manifest, readManifest } from '../packages.ts';
import { run, tail } from '../run.ts';

/** A file of a package. */
export interface PackedFile {
  /** From the root of the package. */
  readonly path: string;
  readonly bytes: number;
  readonly isExecutable: boolean;
}

/** A tarball, and what is in it: unpacked in a temporary directory, as long as this is not disposed. */
export class Unpacked implements Disposable {
  readonly tarball: string;
  readonly #directory = mkdtempSync(join(tmpdir(), 'hermes-unpacked-'));
  readonly files: readonly PackedFile[];
  readonly manifest: Manifest;
  readonly packedBytes: number;

  /** @throws {Error} it is not the tarball of a package. */
  constructor(tarball: string) {
    this.tarball = tarball;
    try {
      const ended = run('tar', ['-xzf', tarball, '-C', this.#directory], { cwd: '.' });
      if (ended.status !== 0) throw new Error(`tar cannot unpack ${tarball}: ${tail(ended)}`);
      this.packedBytes = statSync(tarball).size;
      this.files = this.#list();
      this.manifest = readManifest(this.path('package.json'));
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** Where a file of the package is now. */
  path(file = ''): string {
    return join(this.#directory, 'package', file);
  }

  read(file: string): string {
    return readFileSync(this.path(file), 'utf8');
  }

  has(file: string): boolean {
    return this.files.some(({ path }) => path === file);
  }

  get unpackedBytes(): number {
    return this.files.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  [Symbol.dispose](): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #list(): PackedFile[] {
    const all = globSync(['**/*', '**/.*', '**/.*/**/*'], { cwd: this.path() });
    const stats = [...new Set(all)].sort().map((path) => ({ path, stat: lstatSync(this.path(path)) }));
    return stats
      .filter(({ stat }) => !stat.isDirectory())
      .map(({ path, stat }) => ({ path, bytes: stat.size, isExecutable: (stat.mode & 0o111) !== 0 }));
  }
}

/** As registries and lockfiles write it. */
export function integrityOfFile(path: string): string {
  return `sha512-${createHash('sha512').update(readFileSync(path)).digest('base64')}`;
}
