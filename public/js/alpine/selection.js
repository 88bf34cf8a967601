// Ticked rows open a bar with what can be done with them. Without a script the bar is always there.
const boxesOf = (table) => [...table.querySelectorAll('tbody .tick')];

export const selection = () => ({
  count: 0,
  words: '',
  init() {
    this.words = this.$root.querySelector('[data-count]').textContent;
    // The first tick was made before this was here.
    const all = this.table()?.querySelector('thead .tick');
    if (all?.checked) this.changed({ target: all });
    else this.show();
  },
  changed({ target }) {
    const table = this.table();
    if (!table?.contains(target) || !target.matches('.tick')) return;
    if (target.closest('thead')) for (const each of boxesOf(table)) each.checked = target.checked;
    this.show();
  },
  clear() {
    for (const box of boxesOf(this.table())) box.checked = false;
    this.show();
  },
  show() {
    const table = this.table();
    if (!table) return;
    const boxes = boxesOf(table);
    this.count = boxes.filter((box) => box.checked).length;
    for (const box of boxes) box.closest('tr').classList.toggle('is-on', box.checked);
    const all = table.querySelector('thead .tick');
    if (all) {
      all.checked = this.count > 0 && this.count === boxes.length;
      all.indeterminate = this.count > 0 && this.count < boxes.length;
    }
    table.classList.toggle('is-selecting', this.count > 0);
    const { one, count } = this.$root.querySelector('[data-count]').dataset;
    if (this.count > 0) this.words = (this.count === 1 ? one : count).replace('{{n}}', this.count);
  },
  table() {
    return document.getElementById(this.$root.dataset.for);
  },
});
