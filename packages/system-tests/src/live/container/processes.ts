import { readdirSync, readlinkSync } from 'node:fs';

/** The PID namespace of a process, as a name that no other namespace has. */
export function pidNamespace(pid: number): string {
  return readlinkSync(`/proc/${pid}/ns/pid`);
}

/** Every process of this machine that is in that PID namespace. */
export function processesIn(namespace: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      return pidNamespace(pid) === namespace;
    } catch {
      return false;
    }
  });
}
