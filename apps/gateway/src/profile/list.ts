import { listProfiles, observeGateway, type Profile, readDesiredState } from '@hermes/drain-contract';
import type { SlotStatus } from '@hermes/s6-reconciler';
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
  /** What its slot is doing; `null` where nobody supervises it. */
  readonly slot: SlotStatus['state'] | null;
}

/** Every profile, `default` first. @throws StartupError when the supervisor cannot be asked. */
export async function summarizeProfiles(supervision: Supervision | undefined): Promise<ProfileSummary[]> {
  const slots = await supervision?.list();
  return listProfiles().map((profile) => summarize(profile, slots?.get(profile.name)));
}

function summarize({ name, home }: Profile, slot: SlotStatus | undefined): ProfileSummary {
  const { live, state } = observeGateway({ home });
  return {
    name,
    home,
    port: configuredPort(home) ?? null,
    state: state?.gateway_state ?? null,
    live,
    desired_state: readDesiredState({ home })?.desired_state ?? null,
    slot: slot?.state ?? null,
  };
}
