// A long form (`data-guard`) asks before it is left with something typed into it.
let changed = false;

document.addEventListener('input', (event) => {
  if (event.target.form?.hasAttribute('data-guard')) changed = true;
});
document.addEventListener('submit', () => {
  changed = false;
});
addEventListener('beforeunload', (event) => {
  if (changed && document.querySelector('form[data-guard]')) event.preventDefault();
});
