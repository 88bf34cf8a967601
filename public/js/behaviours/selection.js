// Ticked rows open a bar with what can be done with them. Without a script the bar is always there.
document.addEventListener('change', (event) => {
  const box = event.target;
  const table = box.matches('.tick') && box.closest('table');
  if (!table) return;
  if (box.matches('thead .tick')) for (const each of rowBoxes(table)) each.checked = box.checked;
  show(table);
});

document.addEventListener('click', (event) => {
  const bar = event.target.closest('.selbar .close')?.closest('.selbar');
  if (!bar) return;
  event.preventDefault();
  const table = tableOf(bar);
  for (const box of rowBoxes(table)) box.checked = false;
  show(table);
});

const rowBoxes = (table) => [...table.querySelectorAll('tbody .tick')];
const barOf = (table) => document.querySelector(`.selbar[data-for="${table.id}"]`);
const tableOf = (bar) => document.getElementById(bar.dataset.for);

function show(table) {
  const boxes = rowBoxes(table);
  const ticked = boxes.filter((box) => box.checked).length;
  for (const box of boxes) box.closest('tr').classList.toggle('is-on', box.checked);
  const all = table.querySelector('thead .tick');
  if (all) {
    all.checked = ticked > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  }
  table.classList.toggle('is-selecting', ticked > 0);
  const bar = barOf(table);
  if (!bar) return;
  bar.hidden = ticked === 0;
  const count = bar.querySelector('[data-count]');
  count.textContent = (ticked === 1 ? count.dataset.one : count.dataset.count).replace('{{n}}', ticked);
}

function showAll() {
  for (const bar of document.querySelectorAll('.selbar[data-for]')) if (tableOf(bar)) show(tableOf(bar));
}

addEventListener('DOMContentLoaded', showAll);
addEventListener('pageshow', showAll);
document.addEventListener('htmx:after:swap', showAll);
