import { ServiceError } from '@hermes/drain-contract';
import { DEFAULT_SCANDIR, DEFAULT_USER } from '../defaults.ts';

/** The settings from the environment, used where the command line omits an option. */
export interface Settings {
  readonly scandir: string;
  readonly user: string;
  readonly maxServices: number;
  /** Seconds. */
  readonly stopGrace: number | undefined;
}

/** A variable that is empty counts as unset. @throws ServiceError that names the invalid variable. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const { S6_PROFILE_GATEWAY_SCANDIR, HERMES_USER, HERMES_MAX_GATEWAYS, HERMES_STOP_GRACE } = environment;
  return {
    scandir: S6_PROFILE_GATEWAY_SCANDIR || DEFAULT_SCANDIR,
    user: HERMES_USER || DEFAULT_USER,
    maxServices: countIn('HERMES_MAX_GATEWAYS', HERMES_MAX_GATEWAYS) ?? 500,
    stopGrace: countIn('HERMES_STOP_GRACE', HERMES_STOP_GRACE),
  };
}

function countIn(variable: string, text: string | undefined): number | undefined {
  if (!text) return undefined;
  try {
    return parseCount(text);
  } catch (error) {
    const found = JSON.stringify(text.slice(0, 60));
    throw new ServiceError('invalid_argument', `${variable}: ${(error as Error).message}, found ${found}`);
  }
}

/** @throws RangeError. */
export function parseCount(text: string): number {
  return parseNumber(text, 1_000_000);
}

/** @throws RangeError. */
export function parseSeconds(text: string): number {
  return parseNumber(text, 86_400);
}

function parseNumber(text: string, max: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= max) return number;
  throw new RangeError(`expected a whole number from 1 to ${max}`);
}
