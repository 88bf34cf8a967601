// A session that ends while somebody types, and a network that is gone when they send: the page stays with what was typed,
// and is sent on one press. Before a form is sent it is asked whether anybody answers, and still knows who is typing.
const root = document.documentElement;
const PATIENCE = 8000;
const WARNED_BEFORE = 120_000;
/** A request does not always write down that the session is in use: it may end so much sooner after the last one. */
const UNWRITTEN = 300_000;
const whole = Number(root.dataset.session) * 1000;
let ends = Date.now() + whole;
/** The form that waits, with the button that was pressed. */
let waiting = null;
let asking = false;
/** Forms on their way: they pass. */
const passing = new Set();

const at = (id) => document.getElementById(id);
const show = (id) => {
  for (const other of ['session-soon', 'session-over', 'unsent']) if (at(other)) at(other).hidden = other !== id;
};

document.addEventListener(
  'submit',
  (event) => {
    const form = event.target;
    if (form.matches('[data-session-form]')) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return void signIn(form);
    }
    // Attributes: a field may be called `method`.
    const said = (name) => event.submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name) ?? '';
    if (!root.dataset.user || said('method').toLowerCase() !== 'post' || passing.has(form) || said('action') === '/sign-out')
      return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (asking) return;
    waiting = { form, submitter: event.submitter };
    send();
  },
  true,
);

async function send() {
  const state = await look();
  // A page without these words (the sign-in itself) sends as ever.
  if (state === 'away') return at('unsent') ? show('unsent') : go();
  if (state === null) return at('signed-out') ? ask() : go();
  if (state.user !== root.dataset.user) return other();
  stay(state);
  go();
}

/** Who is signed in; null for nobody, `away` where there is no answer. */
async function look() {
  asking = true;
  try {
    const answer = await fetch('/session', { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status === 401) return null;
    return answer.ok ? await answer.json() : 'away';
  } catch {
    return 'away';
  } finally {
    asking = false;
  }
}

/** Signed in, with a token that another session may have made new. */
function stay({ csrf, endsIn }) {
  ends = Date.now() + endsIn * 1000;
  show(null);
  for (const field of document.querySelectorAll('input[name="_csrf"]')) field.value = csrf;
  for (const form of document.querySelectorAll('form[action*="_csrf="]'))
    form.setAttribute('action', form.getAttribute('action').replace(/_csrf=[^&]*/, `_csrf=${csrf}`));
  document.body.setAttribute('hx-headers:inherited', JSON.stringify({ 'X-CSRF-Token': csrf }));
}

function go() {
  const { form, submitter } = waiting ?? {};
  waiting = null;
  if (!form?.isConnected) return;
  passing.add(form);
  form.requestSubmit(submitter?.isConnected ? submitter : undefined);
  passing.delete(form);
}

function ask() {
  show('session-over');
  const dialog = at('signed-out');
  if (!dialog || dialog.open) return;
  step('password');
  dialog.showModal();
  dialog.querySelector('input:not([type="hidden"])')?.focus();
}

function other() {
  ask();
  tell(at('signed-out')?.querySelector('[data-session-trouble]')?.dataset.other);
}

function step(name) {
  for (const part of document.querySelectorAll('[data-session-step]')) part.hidden = part.dataset.sessionStep !== name;
  tell('');
}

function tell(text) {
  const place = document.querySelector('[data-session-trouble]');
  if (!place) return;
  place.textContent = text ?? '';
  place.hidden = !text;
}

/** In place: the password, then the code where one is asked for. The pages of the sign-in are asked, and say what is wrong. */
async function signIn(form) {
  if (asking) return;
  const part = form.querySelector('[data-session-step]:not([hidden])');
  if (!part) return finish(await look());
  const fields = new URLSearchParams({ next: '/session' });
  for (const input of part.querySelectorAll('input')) fields.set(input.name.replace('session-', ''), input.value);
  try {
    asking = true;
    const answer = await fetch(part.dataset.sessionStep === 'factor' ? '/login/factor' : '/login', {
      method: 'POST',
      body: fields,
      signal: AbortSignal.timeout(PATIENCE),
    });
    const text = await answer.text();
    asking = false;
    if (answer.headers.get('content-type')?.startsWith('application/json')) return finish(JSON.parse(text));
    if (answer.ok && new URL(answer.url).pathname === '/login/factor') {
      step('factor');
      return form.querySelector('[name="session-code"]').focus();
    }
    const wrong = new DOMParser().parseFromString(text, 'text/html').querySelector('.errs a, .errs li, .err-msg');
    // Another way than these two (a choice of people, a new password) has a page of its own.
    if (answer.ok && !wrong) return window.open('/login?next=/session/done');
    tell(wrong?.textContent.trim() || root.dataset.trouble);
  } catch {
    asking = false;
    tell(document.querySelector('[data-session-trouble]').dataset.away);
  }
}

function finish(state) {
  if (state === 'away') return tell(document.querySelector('[data-session-trouble]').dataset.away);
  if (!state) return tell(root.dataset.trouble);
  if (state.user !== root.dataset.user) return other();
  for (const input of document.querySelectorAll('[data-session-step] input')) input.value = '';
  at('signed-out').close();
  stay(state);
  go();
}

document.addEventListener('click', async (event) => {
  if (event.target.closest('[data-send-again]')) return send();
  if (event.target.closest('[data-session-sign-in]')) return ask();
  if (!event.target.closest('[data-session-stay]')) return;
  const state = await look();
  if (state === null) ask();
  else if (state !== 'away') stay(state);
});

/** Whatever was asked for in between is use. */
document.addEventListener('htmx:finally:request', () => {
  ends = Math.max(ends, Date.now() + whole - UNWRITTEN);
});

// An htmx request found nobody signed in.
document.addEventListener('session:over', () => show('session-over'));

function watch() {
  const left = ends - Date.now();
  if (left <= 0) show('session-over');
  else if (left <= WARNED_BEFORE && at('session-soon')?.hidden) show('session-soon');
}
if (root.dataset.user) {
  setInterval(watch, 5000);
  watch();
  document.addEventListener('visibilitychange', watch);
}
