// Dialogs and menus. A link with `data-dialog="#id"` leads to a page that does the same without a script.
document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-dialog]');
  const dialog = opener && document.querySelector(opener.dataset.dialog);
  if (dialog && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    dialog.showModal();
  }
  const closer = event.target.closest('[data-close]');
  if (closer?.closest('dialog')) {
    event.preventDefault();
    closer.closest('dialog').close();
  }
  // A click beside the dialog lands on the dialog element itself.
  if (event.target.matches('dialog[open]')) event.target.close();
  for (const menu of document.querySelectorAll('details.menubox[open]')) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener('keydown', (event) => {
  const menu = event.target.closest?.('details.menubox[open]');
  if (!menu) return;
  if (event.key === 'Escape') {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll('.menu :is(a, button)')];
  items[(items.indexOf(event.target) + step + items.length) % items.length]?.focus();
});
