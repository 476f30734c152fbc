import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Installation } from '@hermes/local-stack';
import { unpack } from './tarball.ts';

const PACKAGES = ['gateway', 'dashboard', 'drainctl', 's6-reconciler'] as const;
type Program = (typeof PACKAGES)[number];

/** The files, by the package in them. */
export type Tarballs = Readonly<Record<Program, string>>;

/** Our commands, unpacked from their tarballs beside nothing else: they have to bring all that they need. */
export class Installed implements Disposable {
  readonly #directory = mkdtempSync(join(tmpdir(), 'hermes-installed-'));

  static async of(tarballs: Tarballs): Promise<Installed> {
    const installed = new Installed();
    for (const name of PACKAGES) await unpack(tarballs[name], join(installed.#directory, name));
    return installed;
  }

  /** The script of the command that a package brings. */
  command(name: Program): string {
    const directory = join(this.#directory, name, 'package');
    const { bin } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
    return join(directory, Object.values<string>(bin)[0] ?? '');
  }

  /** To start both servers of it, with this Node. */
  with(node: string): Required<Installation> {
    return { node, gateway: this.command('gateway'), dashboard: this.command('dashboard') };
  }

  [Symbol.dispose](): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
