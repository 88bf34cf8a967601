// A button says at once that it works, and a form is sent once.
const busy = new Set();

document.addEventListener('submit', (event) => {
  const button = event.submitter;
  if (event.defaultPrevented || !button?.matches('.btn') || event.target.method === 'dialog') return;
  if (button.getAttribute('aria-busy') === 'true') return event.preventDefault();
  // After this turn, or the browser would leave the pressed button's value out of what it sends.
  setTimeout(() => start(button));
});

function start(button) {
  button.classList.toggle('has-icon', Boolean(button.querySelector('.i')));
  button.setAttribute('aria-busy', 'true');
  busy.add(button);
  // A download leaves the page where it is.
  if (button.form?.hasAttribute('data-download')) setTimeout(stopAll, 2000);
}

function stopAll() {
  for (const button of busy) button.removeAttribute('aria-busy');
  busy.clear();
}

addEventListener('pageshow', stopAll);
document.addEventListener('htmx:finally:request', stopAll);
