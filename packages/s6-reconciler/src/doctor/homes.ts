import type { Profile } from '@hermes/drain-contract';
import { DEFAULT_USER } from '../defaults.ts';
import type { Supervision } from '../manager/supervision.ts';
import { asUser, unprivilegedAccount } from '../user.ts';
import type { Check } from './check.ts';
import { checkClock } from './clock.ts';
import { checkOwner, giveAway } from './owner.ts';

/** Whose files the gateways of these profiles write, and whether the clock is behind them. By the name of the profile. */
export function examineHomes({ home: root, user }: Supervision, profiles: readonly Profile[]): Map<string, Check[]> {
  const uid = user?.uid ?? process.geteuid?.() ?? 0;
  const account = unprivilegedAccount([DEFAULT_USER, process.env.SUDO_USER]);
  const remedy = giveAway(root, account, (name) => `start it again with HERMES_USER=${name}, also at boot`);
  // Changing users for each of them would take longer than the checks.
  return asUser(user, () => {
    const now = Date.now();
    const examine = ({ name, home }: Profile): Check[] => [
      { profile: name, check: 'owner', ...checkOwner(home, { user: uid, remedy }) },
      { profile: name, check: 'clock', ...checkClock(home, now) },
    ];
    return new Map(profiles.map((profile) => [profile.name, examine(profile)]));
  });
}
