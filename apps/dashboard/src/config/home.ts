import { access, constants, opendir } from 'node:fs/promises';
import { DEFAULT_PROFILE, findProfile } from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';

/** One requirement of the dashboard. */
export interface HomeCheck {
  readonly name: 'home_listable' | 'home_writable';
  readonly ok: boolean;
}

/** Whether profiles can be found in `home` and markers be written there. Changes nothing; never throws. */
export async function checkHome(home: string): Promise<HomeCheck[]> {
  return [
    { name: 'home_listable', ok: await succeeds(() => list(home)) },
    { name: 'home_writable', ok: await succeeds(() => requireWritable(home)) },
  ];
}

/** @throws ContractError or StartupError if `home` is missing or this user cannot work in it. */
export async function requireHome(home: string): Promise<void> {
  findProfile(DEFAULT_PROFILE, { home });
  for (const [able, check] of [
    ['list', list],
    ['write to', requireWritable],
  ] as const) {
    await check(home).catch((cause) => {
      throw new StartupError(
        `cannot ${able} the home directory ${home}: give this user read and write access to it, or point HERMES_HOME elsewhere`,
        { cause },
      );
    });
  }
}

async function list(home: string): Promise<void> {
  await (await opendir(home)).close();
}

function requireWritable(home: string): Promise<void> {
  return access(home, constants.W_OK | constants.X_OK);
}

async function succeeds(task: () => Promise<unknown>): Promise<boolean> {
  try {
    await task();
    return true;
  } catch {
    return false;
  }
}
