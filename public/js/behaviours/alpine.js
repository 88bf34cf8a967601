// Alpine comes with the first piece of a page that uses it; most pages never ask for its 24 KB.
const { alpine } = document.currentScript.dataset;
let asked = false;

function fetchIfUsed() {
  if (asked || !document.querySelector('[x-data]')) return;
  asked = true;
  document.head.append(Object.assign(document.createElement('script'), { src: alpine }));
}

fetchIfUsed();
document.addEventListener('htmx:after:swap', fetchIfUsed);
