import { spawn } from 'node:child_process';
import { chownSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { isRoot, lacking, temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { onTestFinished } from 'vitest';

const PROGRAM = '/usr/sbin/pgbouncer';

/** For `skipIf`, with the reason printed. */
export function lacksPgBouncer(): boolean {
  return lacking('PgBouncer (apt-get install pgbouncer)', existsSync(PROGRAM));
}

/** A PgBouncer on loopback before the server at `port`, until the test has finished. @returns its port. */
export async function pgBouncer(port: number, mode: 'session' | 'transaction'): Promise<number> {
  const directory = temporaryDirectory();
  const own = 20_000 + (process.pid % 20_000) + (mode === 'session' ? 20_000 : 0);
  const config = join(directory, 'pgbouncer.ini');
  writeFileSync(
    config,
    `[databases]\npostgres = host=127.0.0.1 port=${port} user=postgres\n` +
      `[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${own}\nauth_type = any\npool_mode = ${mode}\nunix_socket_dir =\n`,
  );
  const user = isRoot() ? userOf('postgres') : undefined;
  if (user) for (const path of [directory, config]) chownSync(path, user.uid, user.gid);
  const child = spawn(PROGRAM, [config], { stdio: 'ignore', ...user });
  onTestFinished(() => void child.kill('SIGKILL'));
  await eventually(
    () =>
      new Promise<void>((resolve, reject) => {
        const socket = connect(own, '127.0.0.1', () => {
          socket.destroy();
          resolve();
        }).on('error', reject);
      }),
  );
  return own;
}

function userOf(name: string): { uid: number; gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((found) => found.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}
