import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DASHBOARD_SCRIPT, GATEWAY_SCRIPT, type Installation } from '@hermes/local-stack';
import { DRAINCTL } from '../live/drainctl-process.ts';
import type { Installed } from './installed.ts';

/** The programs of one version, on one Node. */
export interface Side extends Required<Installation> {
  readonly drainctl: string;
  /** As the gateway's package has it. */
  readonly version: string;
}

export function sideOf(installed: Installed, node: string): Side {
  return versioned({ ...installed.with(node), drainctl: installed.command('drainctl') });
}

/** The programs of this checkout. */
export function checkoutSide(): Side {
  const scripts = { gateway: GATEWAY_SCRIPT, dashboard: DASHBOARD_SCRIPT, drainctl: DRAINCTL };
  return versioned({ node: process.execPath, ...scripts });
}

function versioned(side: Omit<Side, 'version'>): Side {
  const manifest = join(dirname(side.gateway), '../package.json');
  return { ...side, version: JSON.parse(readFileSync(manifest, 'utf8')).version };
}
