import { ApiError, callApi, currentToken, forgetToken, rememberToken } from './api.js';
import { clock, element, setText, showProfiles, showStatus } from './view.js';

const POLL_MS = 1_000;

let profile = 'default';
let requestId = null;
let shownAt = null;
/** Whether the message on the screen is about a refresh that failed. */
let failing = false;
let timer;
/** Counts the refreshes, so that a late answer does not overwrite a newer one. */
let turn = 0;

function start() {
  const known = currentToken() !== null;
  element('login').hidden = known;
  element('view').hidden = !known;
  if (known) refresh();
  else element('token').focus();
}

async function refresh() {
  clearTimeout(timer);
  turn += 1;
  const mine = turn;
  try {
    const query = `?profile=${encodeURIComponent(profile)}`;
    // First and alone: a wrong secret counts as one failed attempt, not as three.
    const profiles = await callApi('profiles');
    const [status, drain] = await Promise.all([callApi(`status${query}`), callApi(`gateway/drain${query}`)]);
    if (mine !== turn) return;
    showProfiles(profiles.data.profiles, profile);
    showStatus(status.data, drain.data, status.now);
    requestId = drain.data.request_id;
    if (failing) setText('message', '');
    failing = false;
    shownAt = Date.now();
  } catch (error) {
    if (mine !== turn) return;
    failing = true;
    showError(error);
  }
  if (!document.hidden && currentToken() !== null) timer = setTimeout(refresh, POLL_MS);
}

function showError(error) {
  if (error instanceof ApiError && error.status === 401) return logOut();
  if (error instanceof ApiError) return setText('message', error.message);
  const showing = shownAt === null ? 'nothing yet' : clock(shownAt);
  setText('message', `connection lost, showing ${showing}`);
}

function logOut() {
  forgetToken();
  start();
  setText('message', 'The secret was not accepted.');
}

async function act(options, done) {
  try {
    const { data } = await callApi(`gateway/drain?profile=${encodeURIComponent(profile)}`, options);
    setText('message', done(data));
  } catch (error) {
    showError(error);
  }
  refresh();
}

element('login').addEventListener('submit', (event) => {
  event.preventDefault();
  rememberToken(element('token').value.trim());
  element('token').value = '';
  setText('message', '');
  start();
});

element('controls').addEventListener('submit', (event) => {
  event.preventDefault();
  const reason = element('reason').value.trim();
  const body = { action: 'drain', suppress_notification: element('quiet').checked, ...(reason && { reason }) };
  act({ method: 'POST', body }, ({ gateway_running }) => {
    element('controls').reset();
    return gateway_running ? 'Drain requested.' : 'Drain requested. The gateway is not running.';
  });
});

element('cancel').addEventListener('click', () => {
  // Only the drain that is on the screen: another one may have begun a moment ago.
  const headers = requestId === null ? {} : { 'if-match': `"${requestId}"` };
  act({ method: 'DELETE', headers }, ({ was_draining }) =>
    was_draining ? 'Drain cancelled.' : 'No drain was in force.',
  );
});

element('profile').addEventListener('change', (event) => {
  profile = event.target.value;
  setText('message', '');
  refresh();
});

document.addEventListener('visibilitychange', () => {
  clearTimeout(timer);
  if (!document.hidden && currentToken() !== null) refresh();
});

window.addEventListener('hashchange', start);

start();
