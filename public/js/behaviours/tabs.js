// Of a row of tabs that is wider than the screen, the current one is in view, and a bit of the next.
const show = () => {
  for (const row of document.querySelectorAll('.tabs')) {
    const current = row.querySelector('[aria-current]');
    if (current) row.scrollLeft = current.offsetLeft - row.offsetLeft - 48;
  }
};
addEventListener('DOMContentLoaded', show);
document.addEventListener('htmx:after:swap', show);
