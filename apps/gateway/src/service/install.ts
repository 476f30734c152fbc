import { chownSync, existsSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { resolveHome, shellLine, visibleJson } from '@hermes/drain-contract';
import { userToDropTo } from '@hermes/s6-reconciler';
import { StartupError } from '@hermes/service-kit';
import {
  DASHBOARD_UNIT,
  DEFAULTS,
  install,
  lingers,
  planInstallation,
  planUninstallation,
  type UnitDefinition,
  uninstall,
} from '@hermes/systemd';
import { configPath } from '../config/config-file.ts';
import { withStartupErrors } from './errors.ts';
import type { InstallFlags } from './flags.ts';
import { dashboardCommand, ownCommand, requireForOthers } from './programs.ts';

const USER_NAME = /^[a-z_][a-z0-9_-]{0,30}$/;

/** `hermes-gateway service install`. @throws StartupError */
export async function runInstall(flags: InstallFlags): Promise<void> {
  const definition = definitionOf(flags);
  const { root, dryRun } = flags;
  const files = await withStartupErrors(Promise.resolve().then(() => planInstallation(definition, flags, flags)));
  if (!dryRun) {
    await withStartupErrors(install(definition.scope, files, root));
    if (root === undefined && definition.scope === 'system') makeHome(definition);
  }
  const commands = nextCommands(definition, flags);
  const lines = files.flatMap(({ path, text, action }) => [
    `${dryRun ? 'would ' : ''}${action} ${path}`,
    ...(dryRun && action !== 'keep' ? [text] : []),
  ]);
  report(flags, { files, commands }, [...lines, 'next:', ...commands.map((command) => `  ${command}`)]);
}

/** `hermes-gateway service uninstall`. @throws StartupError */
export async function runUninstall(flags: InstallFlags): Promise<void> {
  const scope = flags.user ? 'user' : 'system';
  const definition = { ...DEFAULTS, scope } as const;
  const planned = await withStartupErrors(Promise.resolve().then(() => planUninstallation(definition, flags)));
  if (!flags.dryRun) await withStartupErrors(uninstall(scope, planned, flags.root));
  const files = planned.map(({ path, action }) => ({ path, action }));
  report(
    flags,
    { files },
    files.map(({ path, action }) => `${flags.dryRun && action === 'remove' ? 'would ' : ''}${action} ${path}`),
  );
}

function report({ json, user, dryRun }: InstallFlags, result: object, lines: readonly string[]): void {
  const whole = { scope: user ? 'user' : 'system', dry_run: dryRun, ...result };
  process.stdout.write(json ? `${visibleJson(whole)}\n` : `${lines.join('\n')}\n`);
}

function definitionOf(flags: InstallFlags): UnitDefinition {
  const { user, root, dashboard, runAs = DEFAULTS.runAs } = flags;
  if (!USER_NAME.test(runAs) || runAs === 'root')
    throw new StartupError(`--run-as: expected the name of an unprivileged user, found ${JSON.stringify(runAs)}`);
  const home = resolve(flags.home ?? (user ? resolveHome() : DEFAULTS.home));
  // In another root, they are where an installation of the packages puts them.
  const gateway = root === undefined ? ownCommand() : [...DEFAULTS.gateway];
  const dashboardWords = root === undefined && dashboard ? dashboardCommand(process.env) : [...DEFAULTS.dashboard];
  if (!user && root === undefined) requireForOthers([...gateway, ...(dashboard ? dashboardWords : [])], runAs);
  return { scope: user ? 'user' : 'system', home, runAs, gateway, dashboard: dashboardWords };
}

/** What systemd makes at the first start is made now, so that settings can be written before. */
function makeHome({ home, runAs }: UnitDefinition): void {
  if (existsSync(home)) return;
  const account = userToDropTo(runAs);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  if (account !== undefined) chownSync(home, account.uid, account.gid);
}

function nextCommands({ scope, home }: UnitDefinition, { dashboard, root }: InstallFlags): string[] {
  if (root !== undefined) return [];
  const isUser = scope === 'user';
  const flag = isUser ? ' --user' : '';
  const setHome = isUser && home === resolveHome() ? '' : `HERMES_HOME=${shellLine([home])} `;
  return [
    ...(existsSync(configPath(home)) ? [] : [`${setHome}hermes-gateway init`]),
    ...(isUser && !lingers() ? ['loginctl enable-linger'] : []),
    `hermes-gateway service start default${flag}`,
    ...(dashboard ? [`systemctl${flag} enable --now ${DASHBOARD_UNIT}`] : []),
    `hermes-gateway service status${flag}`,
  ];
}
