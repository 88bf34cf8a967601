// A browser writes dates in its own order: what was chosen is said in words beside the field, so that nobody enters the month first.
function say(input) {
  const { lang } = document.documentElement;
  const place =
    input.parentElement.querySelector(':scope > .said') ?? Object.assign(document.createElement('output'), { className: 'said' });
  place.htmlFor = input.id;
  place.textContent = input.valueAsDate
    ? input.valueAsDate.toLocaleDateString(lang === 'en' ? 'en-GB' : lang, {
        weekday: 'short',
        day: 'numeric',
        month: 'long',
        year: 'numeric',
        timeZone: 'UTC',
      })
    : '';
  input.after(place);
}

const sayAll = () => document.querySelectorAll('input[type=date]').forEach(say);

document.addEventListener('input', ({ target }) => {
  if (target.matches('input[type=date]')) say(target);
});
addEventListener('DOMContentLoaded', sayAll);
addEventListener('pageshow', sayAll);
document.addEventListener('htmx:after:swap', sayAll);
