// Roomy or compact at once; kept in the person's profile for every list from now on.
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-density-set]');
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const density = link.dataset.densitySet;
  for (const table of document.querySelectorAll('table[data-density]')) table.dataset.density = density;
  for (const other of link.parentElement.children) other.removeAttribute('aria-current');
  link.setAttribute('aria-current', 'true');
  const headers = JSON.parse(document.body.getAttribute('hx-headers:inherited') ?? '{}');
  fetch('/profile/density', { method: 'POST', body: new URLSearchParams({ density }), headers, keepalive: true }).catch(() => {});
});
