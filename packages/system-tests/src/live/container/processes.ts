import { closeSync, fstatSync, openSync, readdirSync, statSync } from 'node:fs';

/** The PID namespace of a process. Held open: the kernel gives the number of one that is gone to the next. */
export class PidNamespace implements Disposable {
  readonly #fd: number;

  constructor(pid: number) {
    this.#fd = openSync(`/proc/${pid}/ns/pid`, 'r');
  }

  /** Every process of this machine that is in it, as the machine numbers it. */
  processes(): number[] {
    const { ino } = fstatSync(this.#fd);
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.map(Number).filter((pid) => inodeOf(pid) === ino);
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }
}

function inodeOf(pid: number): number | undefined {
  try {
    return statSync(`/proc/${pid}/ns/pid`).ino;
  } catch {
    return undefined;
  }
}
