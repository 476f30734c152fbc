import {
  listProfiles,
  observeGateway,
  type Profile,
  readDesiredState,
  type ServiceState,
  type ServiceStatus,
} from '@hermes/drain-contract';
import { configuredPort } from './port.ts';
import type { Supervision } from './supervision.ts';

/** One profile, as a person or a script wants to see it. */
export interface ProfileSummary {
  readonly name: string;
  readonly home: string;
  /** `null` when its configuration cannot be read. */
  readonly port: number | null;
  /** What its gateway last said it is; `null` if nothing. */
  readonly state: string | null;
  /** Whether that gateway is alive. */
  readonly live: boolean;
  /** What the operator wants of it; `null` if never told. */
  readonly desired_state: string | null;
  /** What its service is doing; `null` where no service manager looks after it. */
  readonly slot: ServiceState | null;
}

/** Every profile, `default` first. @throws StartupError when the supervisor cannot be asked. */
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
    state: state?.gateway_state ?? null,
    live,
    desired_state: readDesiredState({ home })?.desired_state ?? null,
    slot: service?.state ?? null,
  };
}
