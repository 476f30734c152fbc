import {
  listProfiles,
  observeGateway,
  type Profile,
  readDesiredState,
  type ServiceState,
  type ServiceStatus,
} from '@hermes/drain-contract';
import { configuredHost, configuredPort } from './port.ts';
import type { Supervision } from './supervision.ts';

/** One profile, for the output. */
export interface ProfileSummary {
  readonly name: string;
  readonly home: string;
  /** `null` when its configuration cannot be read. */
  readonly port: number | null;
  /** The address or name that it listens on; `null` as for the port. */
  readonly host: string | null;
  /** The last published state of its gateway; `null` if there is none. */
  readonly state: string | null;
  /** Whether that gateway is alive. */
  readonly live: boolean;
  /** The desired state; `null` if not set. */
  readonly desired_state: string | null;
  /** The state of its service; `null` if no service manager supervises it. */
  readonly slot: ServiceState | null;
}

/** Every profile, `default` first. @throws StartupError when the supervisor does not answer. */
export async function summarizeProfiles(supervision: Supervision | undefined): Promise<ProfileSummary[]> {
  const services = await supervision?.list();
  return listProfiles().map((profile) => summarize(profile, services?.get(profile.name)));
}

function summarize({ name, home }: Profile, service: ServiceStatus | undefined): ProfileSummary {
  const { live, state } = observeGateway({ home });
  return {
    name,
    home,
    port: configuredPort(home) ?? null,
    host: configuredHost(home) ?? null,
    state: state?.gateway_state ?? null,
    live,
    desired_state: readDesiredState({ home })?.desired_state ?? null,
    slot: service?.state ?? null,
  };
}
