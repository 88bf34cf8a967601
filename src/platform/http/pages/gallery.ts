/** What the parts' gallery shows: made-up answers of a form with mistakes, and a chart of each kind. */
import { barChart, key, lineChart, type ChartData } from '../../charts/charts.js';
import { heatStrip, meter, sparkline, tally } from '../../charts/small.js';
import { FormState } from '../routes/form-data.js';

const t = (text: string): string => text;

export function galleryModel(query: { theme?: unknown; school?: unknown }): object {
  return {
    form: sampleForm(),
    charts: sampleCharts(),
    theme: query.theme === 'dark' || query.theme === 'light' ? query.theme : undefined,
    look: typeof query.school === 'string' && /^[a-z]+$/.test(query.school) ? query.school : undefined,
  };
}

function sampleForm(): FormState {
  const values = {
    surname: 'Hassan',
    amount: '12,000',
    phone: '722 481 903',
    class: '3n',
    'born_on.day': '9',
    'born_on.month': '8',
    'born_on.year': '2027',
    certificate: '4729',
    sex: 'f',
    stay: 'board',
    pays: 'on',
    sms: 'on',
    'guardians.0.surname': 'Noor',
  };
  const problems = [
    { field: 'born_on', message: 'Date of birth must be before today' },
    { field: 'certificate', message: 'Birth certificate number must have 8 to 11 digits' },
  ];
  return new FormState('/dev/gallery', values, problems, '');
}

function sampleCharts(): { title: string; key?: string; html: string }[] {
  const fees: ChartData = {
    labels: ['Wk 1', ...Array.from({ length: 12 }, (_none, index) => String(index + 2))],
    series: [
      { label: 'Collected', kind: 'main', values: [4.2, 9.8, 14.1, 18.6, 22.9, 25.4, 27.8, 31, 33.7, 36.2, 38.4, null, null] },
      { label: 'Plan', kind: 'plan', values: [3, 8, 13, 18, 23, 28, 32, 36, 39, 42, 43.5, 45, 46.1] },
    ],
    finding: 'Collected 38.4 million shillings by week 11, plan was 43.5 million',
    format: (value) => (value === 0 ? '0' : `${value} m`),
    t,
  };
  const away: ChartData = {
    labels: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'],
    series: [{ label: 'Absent', kind: 'main', values: [31, 38, 29, 64, 35] }],
    finding: 'Thursday had 64 learners away, twice as many as other days',
    format: String,
    t,
  };
  return [
    {
      title: 'Fees collected, term 3',
      key: key(fees.series),
      html: lineChart({ ...fees, mark: { strong: '38.4 m', note: 'in week 11' } }),
    },
    { title: 'Away this week', html: barChart({ ...away, bad: new Set([3]) }) },
    {
      title: 'In a row',
      html: `<div class="stack-2">${tally(8, 3)}${meter(74, 100, 68)}${meter(58, 100, 62, true)}${sparkline([3, 4, 3, 5, 6, 6, 8], 'Sign-ins rise')}${heatStrip(['full', 'full', 'away', 'full', 'full', 'full', 'late', 'full', 'full', 'none'], 'One day away, one late')}</div>`,
    },
  ];
}
