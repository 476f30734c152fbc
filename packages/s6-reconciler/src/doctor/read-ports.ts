import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Supervision } from '../manager/supervision.ts';
import { reasonOf } from './finding.ts';
import type { ProfilePort } from './ports.ts';

const TIMEOUT_MS = 20_000;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const run = promisify(execFile);

/** Asks the program of the slots, which reads its configuration by itself. @returns the reason when it cannot say. */
export async function readPorts({ command, home, user }: Supervision): Promise<readonly ProfilePort[] | string> {
  // Without a scan directory, it does not ask for services, for which its user may not have the rights.
  const env = { ...process.env, HERMES_HOME: home, S6_PROFILE_GATEWAY_SCANDIR: '/dev/null' };
  const limits = { timeout: TIMEOUT_MS, killSignal: 'SIGKILL', maxBuffer: MAX_ANSWER_BYTES } as const;
  try {
    const { stdout } = await run(command, ['profile', 'list', '--json'], { cwd: '/', env, ...limits, ...user });
    return portsIn(stdout) ?? `${command} profile list gives no ports of profiles`;
  } catch (error) {
    return `${command} profile list: ${whyFailed(error)}`;
  }
}

function portsIn(answer: string): readonly ProfilePort[] | undefined {
  try {
    const { profiles } = JSON.parse(answer) as { readonly profiles?: unknown };
    return Array.isArray(profiles) && profiles.every(isProfilePort) ? profiles : undefined;
  } catch {
    return undefined;
  }
}

function isProfilePort(value: unknown): value is ProfilePort {
  const { name, port, host, live, state, desired_state } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const hasPort = port === null || typeof port === 'number';
  const hasHost = host === undefined || isTextOrNull(host);
  const hasStates = isTextOrNull(state) && isTextOrNull(desired_state);
  return typeof name === 'string' && typeof live === 'boolean' && hasPort && hasHost && hasStates;
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function whyFailed(error: unknown): string {
  const { killed, stderr } = error as { readonly killed?: boolean; readonly stderr?: string };
  if (killed) return `no answer within ${TIMEOUT_MS / 1_000} s`;
  return stderr?.trim().split('\n').at(-1) || String(reasonOf(error));
}
