import { becomeOwner, visibleJson, visibleText } from '@hermes/drain-contract';
import { nearestDirectory } from '../storage/nearest-directory.ts';
import { initializeHome } from './init.ts';
import { exportLine, nextCommands } from './next-commands.ts';

export interface InitOptions {
  readonly home: string;
  /** The profile of `HERMES_HOME` whose home it is; `undefined` for a root home. */
  readonly profile: string | undefined;
  /** Whether to write `gateway.yaml`, for a home whose `config.yaml` belongs to another program. */
  readonly beside: boolean;
  readonly json: boolean;
}

/** `hermes-gateway init`. @returns false if the home was there already. @throws StartupError or ContractError */
export function runInit({ home, profile, beside, json }: InitOptions): boolean {
  const setHome = profile === undefined ? exportLine(home) : undefined;
  becomeOwner(nearestDirectory(home));
  const { created, problems } = initializeHome(home, beside);
  const isNew = created.length > 0;
  const commands = nextCommands(process.env, profile);
  const text = [
    ...(isNew ? created.map((path) => `created ${path}`) : [`${home} is a home already; nothing was changed`]),
    ...problems,
    '',
    ...(setHome === undefined ? [] : ['in every terminal:', `  ${setHome}`]),
    'check it, run it, and send it a message from another terminal:',
    ...commands.map((command) => `  ${command}`),
  ];
  const report = { home, created, problems, export: setHome ?? null, commands };
  process.stdout.write(json ? `${visibleJson(report)}\n` : text.map((line) => `${visibleText(line)}\n`).join(''));
  return isNew;
}
