import { type ExecFileException, execFile } from 'node:child_process';
import { ServiceError } from '@hermes/drain-contract';
import { isScanned } from '../slot/probe.ts';
import type { User } from '../user.ts';

/** The result of an s6 tool. */
export interface ToolResult {
  /** Its exit status; 100: wrong usage, 111: a system call failed, 99: timeout. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** s6-overlay keeps the tools here, and they need not be on the PATH of the caller. */
const PATH = [process.env.PATH, '/command', '/usr/bin', '/bin'].filter(Boolean).join(':');

/** Kills a tool that hangs beyond its own timeout. */
const HANG_MS = 5_000;

/** Options for running a tool. */
export interface ToolOptions {
  /** How long the tool itself waits at most, in ms. */
  readonly patienceMs?: number;
  /** The user that runs the tool. Root must not act as root in a directory of another user. */
  readonly user?: User | undefined;
}

/**
 * Runs an s6 tool.
 * @throws ServiceError `unavailable` when it is not installed, `timeout` when it hangs.
 */
export function runTool(tool: string, args: readonly string[], options: ToolOptions = {}): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const timeout = (options.patienceMs ?? 0) + HANG_MS;
    // Not where root is: /proc/PID/cwd of a tool that runs as the user would show it.
    const how = { cwd: '/', timeout, killSignal: 'SIGKILL', env: { ...process.env, PATH }, ...options.user } as const;
    execFile(tool, args, how, (error, stdout, stderr) => {
      if (error === null) resolve({ status: 0, stdout, stderr });
      else if (typeof error.code === 'number') resolve({ status: error.code, stdout, stderr });
      else reject(toolError(tool, error));
    });
  });
}

function toolError(tool: string, error: ExecFileException): ServiceError {
  if (error.code === 'ENOENT') {
    return new ServiceError('unavailable', `${tool} is not installed: install s6, or run this where the gateways run`);
  }
  return new ServiceError('timeout', `${tool} did not exit in time: ${error.message}`, { cause: error });
}

/** The error for a failed tool, with the tool's own message and a remedy where one is known. */
export function toolFailure(action: string, { status, stderr }: ToolResult): ServiceError {
  const said = stderr.trim().split('\n').at(-1) || `exit status ${status}`;
  if (/permission denied|operation not permitted/i.test(stderr)) {
    const uid = process.geteuid?.() ?? 'unknown';
    return new ServiceError(
      'not_permitted',
      `cannot ${action}: permission denied for uid ${uid}; run it as the owner of the slot's control FIFO, or as root (${said})`,
    );
  }
  return new ServiceError('failed', `cannot ${action}: ${said}`);
}

/** Tells the s6-svscan of `scandir`, if one runs, that something is new or gone. */
export async function rescan(scandir: string): Promise<void> {
  if (!isScanned(scandir)) return;
  // Also lets go of what is no longer there.
  const result = await runTool('s6-svscanctl', ['-an', scandir]);
  if (result.status !== 0) throw toolFailure(`have ${scandir} scanned`, result);
}
