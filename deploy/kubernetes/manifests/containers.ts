import type { Container, EnvVar, Probe, SecurityContext, VolumeMount } from 'kubernetes-types/core/v1.js';
import { HOME, KEYS, PORTS, SECRETS } from './names.ts';
import { DRAIN_MAX_AGE, TIMERS } from './timers.ts';

export interface GatewayOptions {
  /** Whether other pods answer for the same sessions: then a pod leaves its Service before it refuses a message. */
  readonly isShared: boolean;
}

const SECURITY: SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

const DATA: VolumeMount = { name: 'data', mountPath: HOME };
const SECRET: VolumeMount = { name: 'secrets', mountPath: SECRETS, readOnly: true };
const TMP: VolumeMount = { name: 'tmp', mountPath: '/tmp' };

/** The gateway itself, without s6: the kubelet supervises it. */
export function gateway({ isShared }: GatewayOptions): Container {
  return {
    name: 'gateway',
    image: 'hermes',
    command: ['hermes-gateway', 'run'],
    env: [
      { name: 'API_SERVER_HOST', value: '0.0.0.0' },
      fromFile('API_SERVER_KEY', KEYS.api),
      ...(isShared ? [fromFile('DATABASE_URL', KEYS.database)] : []),
      // For the hook below.
      { name: 'DRAINCTL_TOKEN_FILE', value: `${SECRETS}/${KEYS.drain}` },
    ],
    ports: [{ name: 'http', containerPort: PORTS.http }],
    // Two minutes to recover a large journal.
    startupProbe: { ...probe('/livez', 'http'), periodSeconds: 2, failureThreshold: 60 },
    // A draining gateway is alive. A minute, because a restart cuts turns.
    livenessProbe: { ...probe('/livez', 'http'), periodSeconds: 10, failureThreshold: 6, timeoutSeconds: 5 },
    readinessProbe: { ...probe('/readyz', 'http'), periodSeconds: 2, failureThreshold: 2, timeoutSeconds: 2 },
    lifecycle: { preStop: { exec: { command: drain(isShared) } } },
    resources: { requests: { cpu: '250m', memory: '256Mi' }, limits: { memory: '1Gi' } },
    securityContext: SECURITY,
    volumeMounts: [
      DATA,
      { name: 'config', mountPath: `${HOME}/config.yaml`, subPath: 'config.yaml', readOnly: true },
      SECRET,
      TMP,
    ],
  };
}

/**
 * The dashboard of this gateway, which the hook needs: as an init container with restartPolicy Always it starts before the
 * gateway, and stops after it.
 */
export function dashboard(): Container {
  return {
    name: 'dashboard',
    image: 'hermes',
    restartPolicy: 'Always',
    command: ['hermes-dashboard', 'serve'],
    env: [
      { name: 'HERMES_DASHBOARD_HOST', value: '0.0.0.0' },
      fromFile('HERMES_DASHBOARD_DRAIN_SECRET', KEYS.drain),
      // The image names that of its s6, which does not run here.
      { name: 'S6_PROFILE_GATEWAY_SCANDIR', value: '' },
    ],
    ports: [{ name: 'dashboard', containerPort: PORTS.dashboard }],
    startupProbe: { ...probe('/livez', 'dashboard'), periodSeconds: 2, failureThreshold: 60 },
    resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
    securityContext: SECURITY,
    volumeMounts: [DATA, SECRET, TMP],
  };
}

/** Joins the drain of an operator, if there is one. Whatever its exit status, SIGTERM follows. */
function drain(isShared: boolean): string[] {
  const lead = isShared ? ['--lead', `${TIMERS.lead}s`] : [];
  const limits = ['--wait', '--deadline', `${TIMERS.drain}s`, '--max-age', DRAIN_MAX_AGE];
  return ['drainctl', 'begin', '--join', '--reason', 'the pod is stopped', ...lead, ...limits];
}

function fromFile(variable: string, key: string): EnvVar {
  return { name: `${variable}_FILE`, value: `${SECRETS}/${key}` };
}

function probe(path: string, port: string): Probe {
  return { httpGet: { path, port } };
}
