// `/` opens the search from anywhere. Without a script the same link leads to the search page.
import { isTyping } from './keys.js';

const palette = () => document.querySelector('dialog.palette');
const found = () => [...palette().querySelectorAll('.results a')];

function open() {
  if (!palette() || palette().open) return false;
  palette().showModal();
  palette().querySelector('input').select();
  return true;
}

document.addEventListener('keydown', (event) => {
  if (event.key === '/' && !event.ctrlKey && !event.altKey && !isTyping(event.target) && open()) event.preventDefault();
  else if (palette()?.contains(event.target)) steer(event);
});

document.addEventListener('click', (event) => {
  if (event.target.closest('a.find') && !event.ctrlKey && !event.metaKey && open()) event.preventDefault();
});

function steer(event) {
  const links = found();
  const at = links.findIndex((link) => link.getAttribute('aria-selected') === 'true');
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault();
    choose(links, (at + (event.key === 'ArrowDown' ? 1 : -1) + links.length) % links.length);
  } else if (event.key === 'Enter' && links[at]) {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) window.open(links[at].href, '_blank', 'noopener');
    else links[at].click();
  } else if (event.key === 'Escape') {
    // A search field would only empty itself the first time.
    event.preventDefault();
    palette().close();
  }
}

function choose(links, at) {
  for (const [index, link] of links.entries()) link.setAttribute('aria-selected', String(index === at));
  const input = palette().querySelector('input');
  if (links[at]) input.setAttribute('aria-activedescendant', links[at].id);
  else input.removeAttribute('aria-activedescendant');
  links[at]?.scrollIntoView({ block: 'nearest' });
}

// What arrived becomes a list box: the first answer is chosen, and a screen reader hears it.
document.addEventListener('htmx:after:swap', () => {
  if (!palette()?.open) return;
  const links = found();
  for (const [index, link] of links.entries()) {
    link.id = `found-${index}`;
    link.setAttribute('role', 'option');
    link.parentElement.setAttribute('role', 'presentation');
    link.closest('ul').setAttribute('role', 'group');
  }
  choose(links, links.length ? 0 : -1);
});
