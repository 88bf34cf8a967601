// Passkeys on the pages of signing in, confirming and the profile. A form with data-passkey="<address of the options>" is
// hidden until the browser can do it; it is sent with what the authenticator has signed. Without any of this the other ways in remain.

const CONDITIONAL_RENEWED_MS = 240_000;
let waiting = null;

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (sign) => sign.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');

async function optionsFor(form) {
  const csrf = form.elements.namedItem('_csrf')?.value;
  const answer = await fetch(form.dataset.passkey, {
    method: 'POST',
    headers: csrf ? { 'x-csrf-token': csrf } : {},
    redirect: 'error',
  });
  if (!answer.ok) throw new Error(String(answer.status));
  const options = await answer.json();
  options.challenge = toBytes(options.challenge);
  if (options.user) options.user.id = toBytes(options.user.id);
  for (const list of ['allowCredentials', 'excludeCredentials']) {
    if (options[list]) options[list] = options[list].map((one) => ({ ...one, id: toBytes(one.id) }));
  }
  return options;
}

function asJson(made) {
  const given = made.response;
  const response = { clientDataJSON: toText(given.clientDataJSON) };
  if (given.attestationObject) {
    response.attestationObject = toText(given.attestationObject);
    response.transports = given.getTransports?.() ?? [];
  } else {
    response.authenticatorData = toText(given.authenticatorData);
    response.signature = toText(given.signature);
    if (given.userHandle) response.userHandle = toText(given.userHandle);
  }
  return JSON.stringify({ id: made.id, rawId: toText(made.rawId), type: made.type, clientExtensionResults: {}, response });
}

function send(form, made) {
  form.elements.namedItem('response').value = asJson(made);
  form.submit();
}

async function ask(form) {
  waiting?.abort();
  const complaint = form.querySelector('[data-passkey-trouble]');
  complaint.hidden = true;
  try {
    const publicKey = await optionsFor(form);
    send(
      form,
      'passkeyNew' in form.dataset
        ? await navigator.credentials.create({ publicKey })
        : await navigator.credentials.get({ publicKey }),
    );
  } catch {
    complaint.hidden = false;
  }
}

// Passkeys among the suggestions of the field where one writes one's name.
async function suggest(form) {
  waiting?.abort();
  waiting = new AbortController();
  try {
    const publicKey = await optionsFor(form);
    send(form, await navigator.credentials.get({ publicKey, mediation: 'conditional', signal: waiting.signal }));
  } catch {
    // Nobody asked for anything yet: the button says what is wrong when it is pressed.
  }
}

async function start() {
  if (!window.PublicKeyCredential || !window.isSecureContext) return;
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    form.hidden = false;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void ask(form);
    });
  }
  const form = document.querySelector('form[data-passkey-suggest]');
  if (!form || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  void suggest(form);
  setInterval(() => void suggest(form), CONDITIONAL_RENEWED_MS);
}

void start();
