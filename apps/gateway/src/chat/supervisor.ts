/**
 * Who starts this process again after it has ended; `undefined` if nobody is known to. Variables that children inherit
 * count only if they are about this process.
 */
export function supervisorOf(
  environment: Readonly<NodeJS.ProcessEnv>,
  pid: number,
): 's6' | 'systemd' | 'Kubernetes' | undefined {
  if (environment.HERMES_SLOT) return 's6';
  if (environment.SYSTEMD_EXEC_PID === String(pid)) return 'systemd';
  return environment.KUBERNETES_SERVICE_HOST && pid === 1 ? 'Kubernetes' : undefined;
}
