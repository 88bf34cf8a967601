// The cashier's page by keyboard: F2 finds, arrows choose, Enter takes, Alt with a digit picks of the family, Ctrl Enter saves.
const find = () => document.getElementById('find');
const hits = () => [...document.querySelectorAll('#hits a')];
const desk = () => document.querySelector('[data-desk]');

addEventListener('DOMContentLoaded', () => {
  for (const button of document.querySelectorAll('[data-fill]')) button.hidden = false;
  const first = desk()?.querySelector('.errs') ?? desk()?.elements.namedItem('amount');
  if (first) first.focus();
  else find()?.focus();
  // Just saved: the receipt goes to the printer, and the cursor is back in the search.
  if (new URLSearchParams(location.search).has('paid') && document.querySelector('.thermal')) {
    history.replaceState(null, '', location.pathname);
    print();
  }
});

function choose(step) {
  const links = hits();
  if (links.length === 0) return;
  const at = links.findIndex((link) => link.getAttribute('aria-selected') === 'true');
  const next = (at + step + links.length) % links.length;
  for (const [n, link] of links.entries()) link.toggleAttribute('aria-selected', n === next);
  links[next].setAttribute('aria-selected', 'true');
  links[next].scrollIntoView({ block: 'nearest' });
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'F2') {
    event.preventDefault();
    find().focus();
    find().select();
  } else if (event.altKey && /^[0-9]$/.test(event.key)) {
    event.preventDefault();
    document.querySelector(`[data-alt="${event.key}"]`)?.click();
  } else if (event.ctrlKey && event.key === 'Enter' && desk()) {
    event.preventDefault();
    desk().requestSubmit();
  } else if (event.target === find()) {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      choose(event.key === 'ArrowDown' ? (hits().some((link) => link.hasAttribute('aria-selected')) ? 1 : hits().length + 1) : -1);
    } else if (event.key === 'Enter' && hits().length > 0) {
      event.preventDefault();
      (hits().find((link) => link.getAttribute('aria-selected') === 'true') ?? hits()[0]).click();
    }
  }
});

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-fill]');
  if (!button) return;
  const field = desk().elements.namedItem(button.dataset.fill);
  field.value = button.dataset.value;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.focus();
});
