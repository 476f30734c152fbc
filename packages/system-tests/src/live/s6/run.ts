import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** How a command ended. */
export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Waits for the end of a command, and has read all that it said. */
export async function finish(child: ChildProcess): Promise<Finished> {
  const { stdout, stderr } = child;
  const said = Promise.all([stdout ? text(stdout) : '', stderr ? text(stderr) : '']);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  const [out, err] = await said;
  return { code, signal, stdout: out, stderr: err };
}
