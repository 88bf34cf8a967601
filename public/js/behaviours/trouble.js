// An answer that htmx keeps out of the page (server faults, signed out) must not look like silence.
document.addEventListener('htmx:response:error', (event) => {
  const { ctx } = event.detail;
  const status = ctx.response?.raw?.status ?? ctx.response?.status;
  if (status === 401) return document.dispatchEvent(new CustomEvent('session:over'));
  if (status === 422 || status === 409) return;
  say(document.documentElement.dataset.trouble);
});
document.addEventListener('htmx:error', (event) => {
  if (event.detail.error?.name !== 'AbortError') say(document.documentElement.dataset.offline);
});

function say(text) {
  const place = document.getElementById('trouble');
  if (!place || !text) return;
  place.querySelector('span').textContent = text;
  place.hidden = false;
}
