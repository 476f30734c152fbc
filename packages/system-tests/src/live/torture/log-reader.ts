import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';

/** A process that reads what the gateway logs, from a pipe that outlives every gateway, as s6-log does. */
export class LogReader implements Disposable {
  /** Where the gateway writes to. */
  readonly pipe: string;
  readonly #child: ChildProcess;

  constructor(directory: string) {
    this.pipe = join(directory, 'log.fifo');
    execFileSync('mkfifo', [this.pipe]);
    // Open for writing, too, so that it has no end between two gateways.
    const script = 'exec cat 0<>"$1" >>"$2"';
    this.#child = spawn('sh', ['-c', script, 'sh', this.pipe, join(directory, 'gateway.log')], { stdio: 'ignore' });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL');
  }
}
