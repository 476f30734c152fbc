import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { usageOf } from '../process/usage.ts';

/** Something that answers messages. */
export interface Target {
  /** Base URL. */
  readonly url: string;
  readonly pid: number;
}

/** What is sent to it, and for how long. */
export interface LoadOptions {
  /** Kept-alive connections, each with one message on its way. */
  readonly connections: number;
  /** What the messages are spread over. A connection has sessions of its own: none of its messages waits for another's. */
  readonly sessions: number;
  /** What the names of the sessions begin with. */
  readonly prefix?: string;
  /** When it is over: after so many messages, or seconds. */
  readonly until: { readonly messages: number } | { readonly seconds: number };
  /** Whether the answers are not waited for. */
  readonly later?: boolean;
}

/** What was measured from outside. Times in ms. */
export interface Volley {
  readonly turns: number;
  readonly perSecond: number;
  readonly median: number;
  readonly p99: number;
}

/** What became of it. */
export interface Load extends Volley {
  /** Processor time that a turn took of the target, in us. */
  readonly cpu: number;
}

const CANNON = fileURLToPath(new URL('cannon.ts', import.meta.url));
const execute = promisify(execFile);

/** Sends messages from a process of its own. @throws Error when one of them is not answered with a success. */
export async function drive({ url, pid }: Target, options: LoadOptions): Promise<Load> {
  const before = usageOf(pid).cpu;
  const { stdout } = await execute(process.execPath, [CANNON, url, JSON.stringify(options)]);
  const volley = JSON.parse(stdout) as Volley;
  return { ...volley, cpu: ((usageOf(pid).cpu - before) / volley.turns) * 1_000 };
}
