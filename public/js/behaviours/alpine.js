// Alpine comes with the first piece of a page that uses it; most pages never ask for its 21 KB. A piece that has nothing to do
// before something is ticked (`data-late`) waits for that, so that a list's first load stays small.
const { alpine } = document.currentScript.dataset;
let asked = Boolean(window.Alpine);

function fetchOnce() {
  if (asked) return;
  asked = true;
  document.head.append(Object.assign(document.createElement('script'), { src: alpine }));
}

function fetchIfUsed() {
  if (document.querySelector('[x-data]:not([data-late])')) fetchOnce();
  // A browser may bring ticks back with the page.
  else if (document.querySelector('[x-data]') && document.querySelector('.tick:checked')) fetchOnce();
}

fetchIfUsed();
addEventListener('pageshow', fetchIfUsed);
document.addEventListener('htmx:after:swap', fetchIfUsed);
document.addEventListener('change', ({ target }) => {
  if (target.matches('.tick')) fetchIfUsed();
});
