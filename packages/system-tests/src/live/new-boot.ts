import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Begins a boot of a container, as far as process ids go: the first process in it is PID 1. It ends with its PID 1. */
export const NEW_BOOT = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];

/** Why this machine cannot begin one; empty if it can. */
export function newBootObstacle(): string {
  const { stderr, error } = spawnSync('unshare', [...NEW_BOOT.slice(1), 'true'], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  return error?.message ?? stderr;
}

/** The process outside that is PID 1 inside. @param unshare its parent. @throws Error if it has ended. */
export function firstProcess(unshare: number): number {
  const children = readFileSync(`/proc/${unshare}/task/${unshare}/children`, 'utf8').trim();
  if (children === '') throw new Error(`expected a child of ${unshare}`);
  return Number(children);
}
