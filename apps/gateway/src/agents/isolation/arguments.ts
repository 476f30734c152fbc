/** The view and the rights of an isolated command. All paths are absolute, and none of them is a link. */
export interface Sandbox {
  /** Directories that appear empty; none of them contains another. */
  readonly hidden: readonly string[];
  /** Files that cannot be read. */
  readonly masked: readonly string[];
  /** Files and directories that are visible although they lie in a hidden directory. */
  readonly readable: readonly string[];
  /** Like `readable`, and writable. */
  readonly writable: readonly string[];
  /** The working directory on this machine; `undefined` for a temporary one that ends with the sandbox. */
  readonly workspace: string | undefined;
  /** The path of the working directory in the sandbox. */
  readonly cwd: string;
  /** Whether it shares the network of this machine. */
  readonly network: boolean;
}

/**
 * The arguments of bwrap before the command. The sandbox has its own process ids, mounts, IPC and, unless shared,
 * network. The command has no capability, and its processes end with the sandbox. @see bwrap(1)
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
    ...(workspace === undefined ? ['--dir', cwd] : ['--bind', workspace, cwd]),
    ...['--chdir', cwd],
  ];
}
