// The admission form: what is typed is kept, who has this phone already is said while it is typed, and a further guardian comes without a new page.
const form = () => document.querySelector('form[data-student-form]');

document.addEventListener('change', (event) => {
  const name = event.target.name?.match(/^(?:guardians\.(\d+)\.)?phone$/);
  if (name && event.target.form === form()) showKnown(event.target, name[1] ?? '0');
});

async function showKnown(input, row) {
  const place = document.querySelector(`[data-known="${row}"]`);
  if (!place) return;
  const phone = input.value.trim();
  const answer = phone ? await fetch(`/students/guardians/known?phone=${encodeURIComponent(phone)}&row=${row}`) : null;
  if (input.value.trim() === phone) place.innerHTML = answer?.ok ? await answer.text() : '';
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('button[name="_add"][value="guardians"]');
  if (!button || button.form !== form()) return;
  const sections = [...form().querySelectorAll('section[id^="guardian-"]')];
  const last = sections.at(-1);
  if (!last || sections.length >= 6) return;
  event.preventDefault();
  const next = renumbered(last, sections.length - 1, sections.length);
  last.after(next);
  next.querySelector('input:not([type="hidden"])')?.focus();
});

// `Use this person`: the known guardian is taken by number, whatever the name looks like.
document.addEventListener('click', (event) => {
  const { use, name, row } = event.target.closest('button[data-use]')?.dataset ?? {};
  if (!use) return;
  const field = (key) => form().elements.namedItem(`guardians.${row}.${key}`) ?? form().elements.namedItem(key);
  field('guardianId').value = use;
  field('fullName').value = name;
  const place = document.querySelector(`[data-known="${row}"]`);
  place.replaceChildren();
  field('relationship').focus();
});

/** A copy of the last guardian with the next number in every name, empty but for the usual ticks. */
function renumbered(section, from, to) {
  const copy = section.cloneNode(true);
  const change = (text) =>
    text.replaceAll(`guardians.${from}.`, `guardians.${to}.`).replaceAll(`guardians-${from}-`, `guardians-${to}-`);
  copy.id = `guardian-${to}`;
  for (const each of copy.querySelectorAll('*'))
    for (const { name, value } of [...each.attributes]) if (/guardians[.-]\d/.test(value)) each.setAttribute(name, change(value));
  for (const place of copy.querySelectorAll('[data-known]')) {
    place.dataset.known = String(to);
    place.textContent = '';
  }
  for (const wrong of copy.querySelectorAll('.err-msg')) wrong.remove();
  for (const wrong of copy.querySelectorAll('.err')) wrong.classList.remove('err');
  for (const input of copy.querySelectorAll('[aria-invalid]')) input.removeAttribute('aria-invalid');
  for (const input of copy.querySelectorAll('input, select')) {
    if (input.type === 'checkbox') input.checked = input.defaultChecked && !input.name.endsWith('.invite');
    else input.value = '';
  }
  const title = copy.querySelector('h2');
  if (title) title.textContent = title.textContent.replace(String(from + 1), String(to + 1));
  return copy;
}

// What is typed is kept on the server a moment after the last key, and at once when the page goes out of sight.
let waiting = null;
let sending = null;

document.addEventListener('input', (event) => {
  if (event.target.form !== form() || !form()?.dataset.draft) return;
  clearTimeout(waiting);
  waiting = setTimeout(keep, 1500);
});
document.addEventListener('visibilitychange', () => {
  if (document.hidden && waiting) keep();
});
// From here on the answer to the form itself decides what is kept.
document.addEventListener('submit', () => {
  clearTimeout(waiting);
  waiting = null;
  sending?.abort();
});

async function keep() {
  clearTimeout(waiting);
  waiting = null;
  sending?.abort();
  sending = new AbortController();
  const body = new URLSearchParams(new FormData(form()));
  body.delete('_once');
  try {
    const answer = await fetch(form().dataset.draft, {
      method: 'POST',
      body,
      headers: { 'x-draft': '1' },
      keepalive: true,
      signal: sending.signal,
    });
    if (answer.ok && !answer.redirected) document.querySelector('[data-draft-note]').textContent = await answer.text();
  } catch {
    // Away or signed out: what is on the page stays there, and the next key tries again.
  }
}
