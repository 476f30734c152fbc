/** The element with this id. */
export const element = (id) => document.getElementById(id);

/** Sets a text only when it changes, so that a screen reader does not read the same thing every second. */
export function setText(id, text) {
  if (element(id).textContent !== text) element(id).textContent = text;
}

/** Shows the profiles to choose from when there is a choice. */
export function showProfiles(profiles, chosen) {
  const select = element('profile');
  element('profile-field').hidden = profiles.length < 2;
  const names = profiles.map((profile) => profile.name);
  if (names.join() === [...select.options].map((option) => option.value).join()) return;
  select.replaceChildren(...names.map((name) => new Option(name, name, false, name === chosen)));
}

/** Shows what the gateway does and what the drain has come to; `now` is the server's clock in Unix ms. */
export function showStatus(status, drain, now) {
  setText('state', status.gateway_state ?? 'unknown');
  setText('safe', status.safe_to_stop ? 'yes' : 'no');
  element('safe').dataset.safe = String(status.safe_to_stop);
  element('turns').replaceChildren(...turnLines(status, now).map((line) => textElement('li', line)));
  const facts = drainFacts(drain, now);
  element('drain-info').replaceChildren(
    ...facts.flatMap(([name, value]) => [textElement('dt', name), textElement('dd', value)]),
  );
  element('cancel').disabled = drain.verdict.reason === 'absent';
}

function turnLines(status, now) {
  if (status.active_agents === 0) return ['None.'];
  if (status.active_agents === null) return ['The gateway does not say how many.'];
  const lines = status.active_work.map(
    (turn) =>
      `${turn.session} (${turn.kind}), for ${duration(now - Date.parse(turn.started_at))}${turn.stalled ? ', stalled' : ''}`,
  );
  const unlisted = status.active_agents - status.active_work.length;
  return unlisted > 0 ? [...lines, `${lines.length > 0 ? 'and ' : ''}${unlisted} more`] : lines;
}

function drainFacts(drain, now) {
  if (!drain.verdict.active) {
    return [['In force', drain.verdict.reason === 'absent' ? 'no' : `no (${drain.verdict.reason})`]];
  }
  const since = Date.parse(drain.requested_at ?? '');
  return [
    ['In force', drain.verdict.reason === 'corrupt' ? 'yes (the request cannot be read)' : 'yes'],
    ['Who', drain.principal ?? 'unknown'],
    ['Why', drain.reason || 'no reason given'],
    ['Since', Number.isNaN(since) ? 'unknown' : `${clock(since)}, for ${duration(now - since)}`],
    ['Expires', clock(Date.parse(drain.expires_at))],
    ['Quiet', drain.suppress_notification ? 'yes' : 'no'],
  ];
}

function textElement(tag, text) {
  const created = document.createElement(tag);
  created.textContent = text;
  return created;
}

/** A time of day, HH:MM:SS. */
export function clock(time) {
  return new Date(time).toLocaleTimeString('en-GB');
}

function duration(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000)) || 0;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
