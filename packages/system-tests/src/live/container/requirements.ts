import { spawnSync } from 'node:child_process';

const COMMANDS = ['s6-svscan', 's6-setuidgid', 'unshare', 'nsenter', 'setpriv', 'pivot_root', 'flock'];
const PRIVATE_ROOT = `
  mount -t tmpfs tmpfs /mnt && mkdir /mnt/upper /mnt/work /mnt/root &&
  mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root`;

/** For `skipIf`: says aloud what this machine lacks for containers, since a test that did not run must not pass unnoticed. */
export function lackingContainers(): boolean {
  const missing = whatIsMissing();
  if (missing !== undefined) console.warn(`skipped, containers need ${missing}`);
  return missing !== undefined;
}

function whatIsMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'root';
  const missing = COMMANDS.filter((command) => !succeeds('sh', '-c', `command -v ${command}`));
  if (missing.length > 0) return `${missing.join(', ')} (Debian: s6, util-linux)`;
  const namespaces = ['--pid', '--mount', '--uts', '--ipc', '--fork', '--propagation', 'private'];
  if (!succeeds('unshare', ...namespaces, 'sh', '-c', PRIVATE_ROOT)) return 'namespaces, and overlayfs above /';
  return undefined;
}

function succeeds(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore', timeout: 120_000 }).status === 0;
}
