// The price follows what is typed; without this script the button asks for the page.
const form = document.querySelector('form[data-pricing]');
const place = document.getElementById('price');
let waiting;

form?.addEventListener('input', () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, 150);
});

async function show() {
  const query = new URLSearchParams(new FormData(form));
  const answer = await fetch(`/pricing/price?${query}`).catch(() => null);
  if (!answer?.ok) return;
  const html = await answer.text();
  if (String(new URLSearchParams(new FormData(form))) === String(query)) place.innerHTML = html;
}
