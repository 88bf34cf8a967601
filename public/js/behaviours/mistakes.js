// A form that comes back with mistakes starts at the list of them.
function focusMistakes() {
  document.querySelector('.errs[tabindex]')?.focus();
}

addEventListener('DOMContentLoaded', focusMistakes);
document.addEventListener('htmx:after:swap', focusMistakes);
