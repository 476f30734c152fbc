import type { DrainVerdict } from '@hermes/drain-contract';
import type { Log } from './log.ts';

/** Warns about a marker that cannot have the effect that its writer intended: once for each, not for each read. */
export class MarkerWarnings {
  readonly #log: Log;
  #warned = '';

  constructor(log: Log) {
    this.#log = log;
  }

  consider(verdict: DrainVerdict): void {
    if (verdict.reason === 'absent') this.#warned = '';
    const warning = warningFor(verdict);
    if (warning === undefined || warning.key === this.#warned) return;
    this.#warned = warning.key;
    this.#log.warn({ reason: verdict.reason, request: verdict.request, code: warning.code }, warning.text);
  }
}

function warningFor(verdict: DrainVerdict): { key: string; text: string; code?: string | undefined } | undefined {
  const since = verdict.request?.requested_at ?? '';
  switch (verdict.reason) {
    case 'unreadable':
      return {
        key: `unreadable ${verdict.code}`,
        text: 'the drain marker cannot be read and is ignored',
        code: verdict.code,
      };
    case 'expired':
      return { key: `expired ${since}`, text: 'the drain marker has expired without a refresh and is ignored' };
    case 'stale-epoch':
      return {
        key: `stale ${since}`,
        text: 'the drain marker is stale: it is from before a restart of the machine, and is ignored',
      };
    case 'corrupt':
      return { key: 'corrupt', text: 'the drain marker is corrupt; the gateway drains as a precaution' };
    default:
      return undefined;
  }
}
