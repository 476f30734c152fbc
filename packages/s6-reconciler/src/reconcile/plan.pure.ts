import type { SlotDefinition } from '../slot/definition.ts';
import { profileOfSlot, slotName } from '../slot/name.ts';
import { type AutostartDecision, decideAutostart } from './autostart.pure.ts';
import { defineSlot, type SlotSettings } from './define-slot.ts';
import type { ProfileSnapshot, ScandirSnapshot, Snapshot } from './snapshot.ts';

/** The planned action for one profile, and the reason. */
export type Step = PublishStep | RefreshStep | RemoveStep | SkipStep;

interface StepOfProfile {
  readonly profile: string;
  readonly priorState: string | undefined;
  /** How the last process ended, as it said. */
  readonly priorExit: string | undefined;
  /** The desired state as a file on the volume says it; `undefined` when none does. */
  readonly desired: AutostartDecision['desired'];
  /** The reason. */
  readonly reason: string;
}

/** Build a slot and put it in its place; up when the scan finds it, or down. */
export interface PublishStep extends StepOfProfile {
  readonly action: 'started' | 'registered';
  readonly slot: string;
  /** Whether there is a slot of this name already. */
  readonly replaces: boolean;
  /** Whether the decision is to be recorded as the desired state, because there is no file that says it. */
  readonly recordsDesired: boolean;
  readonly definition: SlotDefinition;
}

/** Bring the files of a slot that is supervised already up to date, and leave it as it is, up or down. */
export interface RefreshStep extends StepOfProfile {
  readonly action: 'kept';
  readonly slot: string;
  readonly definition: SlotDefinition;
}

/** Remove the slot of a profile that does not exist any more. */
export interface RemoveStep extends StepOfProfile {
  readonly action: 'removed';
  readonly slot: string;
}

/** Do nothing. */
export interface SkipStep extends StepOfProfile {
  readonly action: 'skipped';
}

/** The inputs of a plan besides the snapshots. */
export interface PlanSettings extends SlotSettings {
  /** How many services the s6-svscan of the scan directory supervises at most. */
  readonly maxServices: number;
}

/** The plan of a boot: one step for each snapshot, in their order, then one for each slot without a profile. Pure. */
export function planReconcile(
  snapshots: readonly Snapshot[],
  scandir: ScandirSnapshot,
  settings: PlanSettings,
): Step[] {
  const admitted = admit(snapshots, scandir, settings.maxServices);
  const steps = snapshots.map((snapshot): Step => {
    if (snapshot.kind === 'unusable') {
      const { name: profile, reason } = snapshot;
      return { action: 'skipped', profile, priorState: undefined, priorExit: undefined, desired: undefined, reason };
    }
    if (admitted.has(snapshot.name)) return planProfile(snapshot, scandir, settings);
    return skip(
      snapshot,
      `s6-svscan supervises at most ${settings.maxServices} services; start it with a larger -c, or -C from s6 2.15 on`,
    );
  });
  return [...steps, ...[...scandir.orphaned].sort().map(removeOrphan)];
}

function removeOrphan(slot: string): RemoveStep {
  const common = { priorState: undefined, priorExit: undefined, desired: undefined, slot };
  return { ...common, action: 'removed', profile: profileOfSlot(slot) ?? slot, reason: 'its profile was deleted' };
}

function planProfile(snapshot: ProfileSnapshot, scandir: ScandirSnapshot, settings: PlanSettings): Step {
  const slot = slotName(snapshot.name);
  if (scandir.foreign.has(slot))
    return skip(snapshot, 'its slot is that of a profile of the same name of another home');
  if (scandir.reference.has(slot))
    return skip(
      snapshot,
      `its slot runs a gateway of the reference system; hermes-s6 register ${snapshot.name} replaces it`,
    );
  const { start, desired, reason } = decideAutostart(snapshot);
  const common = {
    profile: snapshot.name,
    priorState: snapshot.observedState,
    priorExit: snapshot.priorExit,
    desired,
    slot,
    definition: defineSlot(snapshot, snapshot.stopSeconds, settings),
  };
  if (scandir.supervised.has(slot)) return { ...common, action: 'kept', reason: 'supervised already' };
  const recordsDesired = start && snapshot.desired === undefined;
  const replaces = scandir.slots.has(slot);
  return { ...common, action: start ? 'started' : 'registered', reason, replaces, recordsDesired };
}

function skip(snapshot: ProfileSnapshot, reason: string): SkipStep {
  const { desired } = decideAutostart(snapshot);
  const { name: profile, observedState: priorState, priorExit } = snapshot;
  return { action: 'skipped', profile, priorState, priorExit, desired, reason };
}

/**
 * The profiles that there is room for. Slots that are there already come first, then gateways that are to run, so that
 * none of them has to give way to one that is only registered.
 */
function admit(snapshots: readonly Snapshot[], scandir: ScandirSnapshot, maxServices: number): ReadonlySet<string> {
  const profiles = snapshots.filter((snapshot) => snapshot.kind === 'profile');
  const known = new Set(profiles.map(({ name }) => slotName(name)));
  const strangers = [...scandir.slots].filter((slot) => !known.has(slot) && !scandir.orphaned.has(slot)).length;
  const room = Math.max(0, maxServices - scandir.others - strangers);
  const rank = (profile: ProfileSnapshot) =>
    scandir.supervised.has(slotName(profile.name)) ? 0 : decideAutostart(profile).start ? 1 : 2;
  const ranked = profiles.toSorted((a, b) => rank(a) - rank(b));
  return new Set(ranked.slice(0, room).map(({ name }) => name));
}
