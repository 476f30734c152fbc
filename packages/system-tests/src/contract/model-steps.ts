import type { Marker, Model } from './model.ts';
import type { Action } from './model-actions.ts';

const BLANK = { id: null, epoch: '', quiet: false, maxAge: 3_600, since: 0, refuseAfter: 0, dated: false, written: 0 };

/**
 * Does to the model what the action does, and tells what the action must have given back.
 * @param found what it did give back. @param ids all ids so far: a new one can only be taken as it comes.
 */
export function takeStep(model: Model, action: Action, found: unknown, ids: Set<unknown>): unknown {
  const expected = step(model, action, found, ids);
  if (model.gateway === 'up' || model.gateway === 'stopping') model.say();
  return expected;
}

function step(model: Model, action: Action, found: unknown, ids: Set<unknown>): unknown {
  switch (action.do) {
    case 'begin':
      return begin(model, action, found, ids);
    case 'cancel':
      return cancel(model, action);
    case 'turn': {
      const admitted = model.admits(action.kind);
      if (admitted) model.turns += 1;
      return admitted;
    }
    default:
      return happen(model, action);
  }
}

function begin(model: Model, wish: Action & { do: 'begin' }, found: unknown, ids: Set<unknown>): unknown {
  const epoch = model.addressed;
  const running = model.isHeld(epoch) ? model.marker : undefined;
  if (model.marker?.what === 'directory') return 'failed';
  const id = (running && model.knownId) ?? (ids.has(found) ? 'a new id' : String(found));
  ids.add(id);
  const [quiet, maxAge] = [wish.quiet ?? running?.quiet ?? false, wish.maxAge ?? running?.maxAge ?? 3_600];
  model.marker = model.backup = {
    what: 'object',
    id,
    epoch: epoch || (running?.epoch ?? ''),
    quiet,
    maxAge,
    since: model.now,
    refuseAfter: running ? kept(model, epoch, running) : wish.lead ? model.now + wish.lead * 1_000 : 0,
    dated: true,
    written: model.now,
  };
  return id;
}

/** A time that counts for nothing yet is not kept. */
function kept(model: Model, epoch: string, { refuseAfter }: Marker): number {
  return model.verdict(epoch)[1] === 'announced' || refuseAfter <= model.now ? refuseAfter : 0;
}

function cancel(model: Model, { only }: Action & { do: 'cancel' }): unknown {
  const held = only === 'the held request' && model.marker?.id;
  if (only && !held && model.isHeld(model.addressed)) return 'request_mismatch';
  if (model.marker?.what === 'directory') return 'failed';
  const existed = model.marker !== undefined;
  model.marker = undefined;
  return existed;
}

/** What gives nothing back. */
function happen(model: Model, action: Exclude<Action, { do: 'begin' | 'cancel' | 'turn' }>): undefined {
  const { marker } = model;
  if (action.do === 'scribble') model.marker = scribbled(model.now, action);
  else if (action.do === 'truncate') {
    if (marker?.what === 'object' || marker?.what === 'corrupt') model.marker = scribbled(model.now, { text: '' });
  } else if (action.do === 'obstruct') model.marker = { ...BLANK, what: action.by };
  else if (action.do === 'restore') model.marker = model.backup ? { ...model.backup, written: model.now } : marker;
  else if (action.do === 'clock') model.now += action.by;
  else if (action.do === 'expire') {
    if (marker?.since) model.now = marker.since + marker.maxAge * 1_000 + action.past;
  } else if (action.do === 'crash') [model.gateway, model.turns] = ['dead', 0];
  else if (action.do === 'restart') model.restart(action.epoch);
  else if (action.do === 'end turn') model.turns = Math.max(0, model.turns - 1);
  else if (action.do === 'shutdown') {
    if (model.gateway === 'up') model.gateway = 'stopping';
  } else if (model.gateway === 'stopping') {
    model.gateway = 'stopped';
    model.say();
  }
}

function scribbled(now: number, { fields }: Omit<Action & { do: 'scribble' }, 'do'>): Marker {
  const said = fields && { epoch: fields.epoch, quiet: fields.quiet[1], dated: fields.dated };
  return { ...BLANK, ...said, what: fields ? 'object' : 'corrupt', since: now, written: now };
}
