/** What an isolated command sees and may do. All paths are absolute, and none of them is a link. */
export interface Sandbox {
  /** Directories that are empty in there, parents before children. */
  readonly hidden: readonly string[];
  /** Files that cannot be read in there. */
  readonly masked: readonly string[];
  /** Files and directories that are there although they lie in a hidden directory. */
  readonly readable: readonly string[];
  /** As `readable`, and may be changed. */
  readonly writable: readonly string[];
  /** The directory on this machine that the command works in. */
  readonly workspace: string;
  /** Its name in there. */
  readonly cwd: string;
  /** Whether it shares the network of this machine. */
  readonly network: boolean;
}

/**
 * The arguments of bwrap that come before the command. Process ids, mounts, IPC and, unless shared, the network are its
 * own; it has no capability, and nothing that it has started outlives it. @see bwrap(1)
 */
export function bwrapArguments(sandbox: Sandbox): string[] {
  const { hidden, masked, readable, writable, workspace, cwd, network } = sandbox;
  const twice = (option: string, paths: readonly string[]) => paths.flatMap((path) => [option, path, path]);
  return [
    ...['--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-cgroup-try'],
    ...(network ? [] : ['--unshare-net']),
    ...['--die-with-parent', '--cap-drop', 'ALL'],
    ...['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
    ...hidden.flatMap((path) => ['--tmpfs', path]),
    ...masked.flatMap((path) => ['--ro-bind', '/dev/null', path]),
    ...twice('--ro-bind', readable),
    ...twice('--bind', writable),
    ...['--bind', workspace, cwd, '--chdir', cwd],
  ];
}
