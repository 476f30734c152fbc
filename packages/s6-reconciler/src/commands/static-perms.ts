import { ServiceError } from '@hermes/drain-contract';
import { requireRootsOwn } from '../roots-own.ts';
import { fixStaticPermissions } from '../static-permissions.ts';
import { userToDropTo } from '../user.ts';
import { printJson, printLine } from './print.ts';

/** Options of `hermes-s6 fix-static-perms`. */
export interface StaticPermsOptions {
  readonly scandir: string;
  readonly user: string;
  readonly json: boolean;
}

/** `hermes-s6 fix-static-perms`. */
export function runFixStaticPerms({ scandir, user: name, json }: StaticPermsOptions): void {
  if (process.geteuid?.() !== 0)
    throw new ServiceError('not_permitted', 'fix-static-perms changes what belongs to root: run it as root');
  requireRootsOwn(scandir);
  const user = userToDropTo(name);
  const services = user === undefined ? [] : fixStaticPermissions(scandir, user);
  if (json) printJson({ services });
  else for (const service of services) printLine(`fix-static-perms: ${service}`);
}
