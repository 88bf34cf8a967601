// On a phone the rows of a list are laid out as cards, and some readers forget then that they are a table's, unless they are told.
// Nothing else needs to be told, so it stands in no row that is sent.
const phone = matchMedia('(max-width: 47.99rem)');
const ROLES = { THEAD: 'rowgroup', TBODY: 'rowgroup', TFOOT: 'rowgroup', TR: 'row', TD: 'cell' };

const roleOf = (part) => ROLES[part.tagName] ?? (part.closest('thead') ? 'columnheader' : 'rowheader');

function tell() {
  if (!phone.matches) return;
  for (const table of document.querySelectorAll('table.rows:not([role])')) {
    table.setAttribute('role', 'table');
    for (const part of table.querySelectorAll('thead, tbody, tfoot, tr, td, th')) part.setAttribute('role', roleOf(part));
  }
}

tell();
phone.addEventListener('change', tell);
document.addEventListener('htmx:after:swap', tell);
