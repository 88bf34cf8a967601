// `data-key="n"` is pressed by N, unless somebody is typing or something is open.
export function isTyping(target) {
  return target.closest?.('input:not([type=checkbox],[type=radio]), textarea, select, [contenteditable]') !== null;
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (isTyping(event.target) || document.querySelector('dialog[open]')) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!target) return;
  event.preventDefault();
  target.click();
});

document.addEventListener('click', (event) => {
  if (!event.target.closest('[data-print]')) return;
  event.preventDefault();
  print();
});
