import { fileURLToPath } from 'node:url';
import { Program, type ProgramOptions } from './program.ts';

/** A home, and how the programs under it differ from their defaults. */
export interface StackOptions {
  readonly home: string;
  readonly env?: ProgramOptions['env'];
  readonly args?: readonly string[];
  readonly within?: ProgramOptions['within'];
  readonly onStderr?: ProgramOptions['onStderr'];
  readonly installation?: Installation | undefined;
}

/** What is started. Default: the programs of this checkout, with the Node that runs this. */
export interface Installation {
  readonly node?: string;
  readonly gateway?: string;
  readonly dashboard?: string;
}

/** The gateway's program in this checkout. */
export const GATEWAY_SCRIPT = fileURLToPath(new URL('../../../apps/gateway/bin/hermes-gateway.js', import.meta.url));
/** The dashboard's. */
export const DASHBOARD_SCRIPT = fileURLToPath(
  new URL('../../../apps/dashboard/bin/hermes-dashboard.js', import.meta.url),
);

/** A running gateway. */
export interface RunningGateway {
  readonly program: Program;
  /** Base URL of its API. */
  readonly url: string;
}

/** A running dashboard. */
export interface RunningDashboard {
  readonly program: Program;
  /** Base URL, without the token. */
  readonly url: string;
  /** As printed: with the token, if the dashboard made it. */
  readonly link: string;
}

/** Starts a gateway and waits until it is ready. */
export async function startGateway(options: StackOptions): Promise<RunningGateway> {
  const script = options.installation?.gateway ?? GATEWAY_SCRIPT;
  const program = await start('hermes-gateway', script, ['run', ...(options.args ?? [])], options);
  return { program, url: await printedUrl(program) };
}

/** Starts a dashboard and waits until it is ready. */
export async function startDashboard(options: StackOptions): Promise<RunningDashboard> {
  const script = options.installation?.dashboard ?? DASHBOARD_SCRIPT;
  const program = await start('hermes-dashboard', script, ['serve', ...(options.args ?? [])], options);
  const link = await printedUrl(program);
  return { program, link, url: new URL(link).origin };
}

function start(name: string, script: string, args: readonly string[], options: StackOptions): Promise<Program> {
  const { env, within, onStderr, installation } = options;
  return Program.start({
    name,
    script,
    node: installation?.node,
    args,
    within,
    env: { ...env, HERMES_HOME: options.home },
    ...(onStderr ? { onStderr } : {}),
  });
}

async function printedUrl(program: Program): Promise<string> {
  return (await program.printed(/\bhttps?:\/\/\S+(?=\s)/))[0];
}
