import { resolveHome } from '@hermes/drain-contract';
import type { Check } from '@hermes/s6-reconciler';
import { examineService, type UnitFinding } from '@hermes/systemd';
import { unknown } from './check.ts';

/** Whether the unit of a gateway under systemd fits it; a single line where systemd does not supervise it. */
export async function checkService(profile: string): Promise<Check[]> {
  const about = { profile, check: 'service' };
  try {
    const findings = await examineService(profile, resolveHome());
    if (findings.length > 0) return findings.map((finding) => checkOf(profile, finding));
    return [{ ...about, ok: true, found: 'no unit of systemd serves this home', cure: null }];
  } catch (error) {
    return [{ ...about, ...unknown((error as Error).message) }];
  }
}

function checkOf(profile: string, { check, ok, found, cure }: UnitFinding): Check {
  const warning = ok === null ? { warning: true as const } : {};
  return { profile, check: `service: ${check}`, ok, ...warning, found, cure };
}
