/** Becomes the user `uid`, when one is named: the super-user passes every permission check. */
export function dropTo(uid: string | undefined): void {
  if (uid === undefined) return;
  process.setgroups?.([]);
  process.setgid?.(Number(uid));
  process.setuid?.(Number(uid));
}
