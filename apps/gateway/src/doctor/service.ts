import { resolveHome } from '@hermes/drain-contract';
import { type Check, unknown } from '@hermes/s6-reconciler';
import { examineService, type UnitFinding } from '@hermes/systemd';

/** Whether the unit of a gateway under systemd fits it; nothing where systemd does not supervise it. */
export async function checkService(profile: string): Promise<Check[]> {
  try {
    return (await examineService(profile, resolveHome())).map((finding) => checkOf(profile, finding));
  } catch (error) {
    return [{ profile, check: 'service', ...unknown((error as Error).message) }];
  }
}

function checkOf(profile: string, { check, ok, found, cure }: UnitFinding): Check {
  const warning = ok === null ? { warning: true as const } : {};
  return { profile, check: `service: ${check}`, ok, ...warning, found, cure };
}
