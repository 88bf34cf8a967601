// The sums of a form's columns as they are typed: `data-sum="name-ending"` shows the sum of all boxes whose name ends so,
// `data-sum-apart` the difference of two of them. Without a script they aren't shown: the answer says what differs.
const numberOf = (text) => {
  const plain = text.replace(/[\s,\u00a0\u202f]/g, '');
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : 0;
};
const cents = (form, ending) =>
  [...form.elements].reduce(
    (sum, box) => (box.name?.endsWith(`.${ending}`) ? sum + Math.round(numberOf(box.value) * 100) : sum),
    0,
  );

export const sums = () => ({
  away: true,
  init() {
    this.away = false;
    this.show();
  },
  typed({ target }) {
    if (target.form && target.form === this.$root.closest('form')) this.show();
  },
  show() {
    const form = this.$root.closest('form');
    const { lang } = document.documentElement;
    const write = (place, value) => {
      place.textContent = (value / 100).toLocaleString(lang === 'en' ? 'en-GB' : lang, {
        minimumFractionDigits: value % 100 === 0 ? 0 : 2,
      });
    };
    for (const place of form.querySelectorAll('[data-sum]')) write(place, cents(form, place.dataset.sum));
    for (const place of form.querySelectorAll('[data-sum-apart]')) {
      const [one, other] = place.dataset.sumApart.split(' ');
      write(place, Math.abs(cents(form, one) - cents(form, other)));
    }
  },
});
