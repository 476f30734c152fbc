import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const CHECKOUT = fileURLToPath(new URL('../../../../../', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/image/', import.meta.url));
const A_DAY_MS = 86_400_000;
const ASSEMBLE_TIMEOUT_MS = 240_000;

/** Run by one process at a time: the first makes the image, the others find it. */
const ASSEMBLE_ONCE =
  '[ -e "$1" ] || { rm -rf "$1.unfinished"; "$2" "$3" "$1.unfinished" && mv "$1.unfinished" "$1"; }';

/** Everything that the image is made of. */
const INGREDIENTS = [
  'apps/*/{bin,dist,page}/**',
  'packages/{drain-contract,drainctl,service-kit,s6-reconciler}/{bin,dist}/**',
  '{apps,packages}/*/package.json',
  'pnpm-lock.yaml',
  'deploy/image/*.ts',
  'deploy/image/rootfs/**',
  'scripts/{pnpm.mjs,pnpm/*,third-party/*}',
  'LICENSE',
];

/**
 * The image's tree, made of what is built in this checkout; shared by all who run the same.
 * @returns its directory, which nobody may change.
 */
export async function assembledImage(): Promise<string> {
  const image = join(CACHE, digestOfIngredients());
  if (existsSync(image)) return image;
  mkdirSync(CACHE, { recursive: true });
  removeOldImages();
  const script = join(CHECKOUT, 'deploy/image/assemble.ts');
  const command = ['sh', '-c', ASSEMBLE_ONCE, 'sh', image, process.execPath, script];
  await promisify(execFile)('flock', [join(CACHE, 'lock'), ...command], { timeout: ASSEMBLE_TIMEOUT_MS });
  return image;
}

/** What the image runs, and with which variables, as its Dockerfile has it. */
export function imageConfiguration(): { readonly entrypoint: string; readonly env: Readonly<Record<string, string>> } {
  const dockerfile = readFileSync(join(CHECKOUT, 'deploy/image/Dockerfile'), 'utf8');
  const settings = [...dockerfile.matchAll(/^ENV (\w+)=(.*)$/gm)];
  const entrypoint = /^ENTRYPOINT \["([^"]+)"\]$/m.exec(dockerfile)?.[1];
  if (settings.length === 0 || entrypoint === undefined)
    throw new Error('deploy/image/Dockerfile: expected lines like ENV NAME=VALUE and ENTRYPOINT ["/program"]');
  return { entrypoint, env: Object.fromEntries(settings.map(([, name, value]) => [name, value])) };
}

function digestOfIngredients(): string {
  const digest = createHash('sha256');
  for (const path of INGREDIENTS.flatMap((pattern) => globSync(pattern, { cwd: CHECKOUT })).sort()) {
    const { mode } = statSync(join(CHECKOUT, path));
    if (statSync(join(CHECKOUT, path)).isFile())
      digest.update(`${path}\0${mode}\0`).update(readFileSync(join(CHECKOUT, path)));
  }
  return digest.digest('hex').slice(0, 20);
}

/** Those of the last day may be in use by somebody else. */
function removeOldImages(): void {
  for (const name of readdirSync(CACHE).filter((entry) => entry !== 'lock')) {
    const path = join(CACHE, name);
    if (Date.now() - statSync(path).mtimeMs > A_DAY_MS) rmSync(path, { recursive: true, force: true });
  }
}
