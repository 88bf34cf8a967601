// The cashier's page by keyboard: F2 finds, arrows choose, Enter takes, Alt with a digit picks of the family, Ctrl Enter saves.
// The chosen method shows the fields that it needs, and what was saved goes to the printer.
const hits = () => [...document.querySelectorAll('#hits a')];

const cashier = () => ({
  ready: true,
  method: 'cash',
  init() {
    this.choose();
    const first = this.$root.querySelector('.errs') ?? this.desk()?.elements.namedItem('amount');
    (first ?? this.find()).focus();
    const { printNow } = this.$root.dataset;
    if (printNow) this.print(printNow);
  },
  desk: () => document.querySelector('[data-desk]'),
  find: () => document.getElementById('find'),

  /** Also what the browser has put back after a look at another page. */
  choose() {
    this.method = this.desk()?.elements.namedItem('method').value || 'cash';
    const label = this.$root.querySelector('[data-words] label');
    // Whose message it is, is said of a message alone.
    const hint = this.$root.querySelector('[data-words] .hint');
    if (hint) hint.hidden = this.method !== 'mobile';
    // Cash lies in today's drawer, whatever day another method had.
    const day = this.desk()?.elements.namedItem('receivedOn');
    if (day && !this.dated) day.value = this.$root.dataset.today;
    if (label)
      label.textContent = JSON.parse(this.$root.querySelector('[data-words]').dataset.words)[this.method] ?? label.textContent;
  },
  get numbered() {
    return this.method !== 'cash';
  },
  get dated() {
    return this.method !== 'cash';
  },
  get banked() {
    return this.method === 'bank' || this.method === 'cheque' || this.method === 'card';
  },
  get slipped() {
    return this.method === 'bank';
  },
  get inKind() {
    return this.method === 'kind';
  },

  fill({ target }) {
    const { fill, value } = target.closest('[data-fill]').dataset;
    const field = this.desk().elements.namedItem(fill);
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.focus();
  },

  /** The prompt asks for the sum that stands here. */
  ask({ target }) {
    const link = target.closest('a');
    const to = new URL(link.href);
    to.searchParams.set('amount', this.desk().elements.namedItem('amount').value);
    link.href = to;
  },

  /** The drawn receipt, counted as every print of it, in a frame that nobody sees; the address is left so that it is printed once. */
  print(path) {
    history.replaceState(null, '', location.pathname);
    const frame = Object.assign(document.createElement('iframe'), { className: 'vh', title: this.$root.dataset.printTitle });
    frame.addEventListener('load', () => frame.contentWindow.print());
    frame.src = path;
    document.body.append(frame);
    this.find().focus();
  },

  pressed(event) {
    if (event.key === 'F2') {
      event.preventDefault();
      this.find().focus();
      this.find().select();
    } else if (event.altKey && /^[0-9]$/.test(event.key)) {
      event.preventDefault();
      document.querySelector(`[data-alt="${event.key}"]`)?.click();
    } else if (event.ctrlKey && event.key === 'Enter' && this.desk()) {
      event.preventDefault();
      this.desk().requestSubmit();
    } else if (event.target === this.find()) this.steer(event);
  },
  steer(event) {
    const links = hits();
    if (links.length === 0) return;
    const at = links.findIndex((link) => link.hasAttribute('aria-selected'));
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const next = event.key === 'ArrowDown' ? at + 1 : at < 0 ? links.length - 1 : at - 1;
      for (const link of links) link.removeAttribute('aria-selected');
      const chosen = links[(next + links.length) % links.length];
      chosen.setAttribute('aria-selected', 'true');
      chosen.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      links[Math.max(at, 0)].click();
    }
  },
});

document.addEventListener('alpine:init', () => window.Alpine.data('cashier', cashier));
