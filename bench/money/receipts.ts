import { receiptA5Drawing, type PrintedReceipt, type PrintedReceipts } from '../../src/modules/fees/operations.js';
import { drawInWorker } from '../../src/platform/pdf/worker.js';
import { median, type BenchLine } from '../lines.js';
import { BareWriter } from '../floor/writer.js';

const RECEIPTS = 500;
const ROUNDS = 3;
const NAMES = [
  'Amina Otieno',
  'Brian Kiptoo',
  'Chebet Mwangi',
  'Daudi Wanjiku',
  'Esther Achieng',
  'Faith Njoroge',
  'Hawa Barasa',
];

/** 500 receipts of three lines, two to a sheet, beside pdfkit alone with the same texts, rules and codes. */
export async function benchReceipts(): Promise<BenchLine> {
  const receipts = Array.from({ length: RECEIPTS }, (_, n) => receipt(n));
  const writer = BareWriter.start();
  const product: number[] = [];
  const limit: number[] = [];
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const bare = await writer.run({
        kind: 'receipts',
        receipts: receipts.map((one) => ({ lines: textsOf(one), code: one.checkUrl })),
      });
      limit.push(bare.pages! / bare.seconds);
      const began = performance.now();
      const file = await drawInWorker(receiptA5Drawing, { context: CONTEXT, currency: 'KES', receipts });
      product.push((file.toString('latin1').match(/\/Type \/Page\b(?!s)/g)!.length * 1000) / (performance.now() - began));
    }
  } finally {
    writer.stop();
  }
  return {
    id: 'money.receipts',
    unit: 'pages/s',
    product: median(product),
    limit: median(limit),
    ratio: median(product) / median(limit),
  };
}

const CONTEXT: PrintedReceipts['context'] = {
  letterhead: {
    schoolName: 'Kilimani Academy',
    lines: ['P.O. Box 100, Nairobi', '+254 700 000 100'],
    colours: { first: '#0f5c43', second: '#f2b233' },
    logo: null,
  },
  printedBy: 'Esther Wanjiku Kamau',
  printedAt: new Date(),
  zone: 'Africa/Nairobi',
  language: 'en',
};

function receipt(n: number): PrintedReceipt {
  const amountMinor = 1_000_000 + n * 100;
  return {
    number: `R-${String(n + 1).padStart(6, '0')}`,
    copy: false,
    void: false,
    student: NAMES[n % NAMES.length]!,
    place: `Grade ${(n % 9) + 1} East`,
    payer: NAMES[(n * 3 + 1) % NAMES.length]!,
    sponsor: '',
    by: `M-Pesa SKL4T7Q${String(n).padStart(3, '0')}`,
    at: '24 Nov 2026, 10:42',
    inWords: 'Ten thousand Kenya shillings only',
    cashier: 'Esther Wanjiku Kamau',
    checkUrl: `https://kilimani.aims.example/fees/check/${String(n).padStart(20, 'k')}`,
    lines: ['Tuition', 'Activities', 'Lunch'].map((head) => ({
      head,
      term: 'Term 3, 2026',
      amountMinor: Math.round(amountMinor / 3),
    })),
    amountMinor,
    balanceAfterMinor: 450_000 + n,
  };
}

function textsOf(one: PrintedReceipt): string[] {
  const lines = one.lines.flatMap((line) => [line.head, line.term, String(line.amountMinor / 100)]);
  return [
    'Kilimani Academy',
    'P.O. Box 100, Nairobi',
    'Receipt',
    one.number,
    'Received from',
    one.payer,
    'For',
    `${one.student}, ${one.place}`,
    'The sum of',
    one.inWords,
    'How',
    `${one.by}, ${one.at}`,
    ...lines,
    'Balance',
    String(one.balanceAfterMinor / 100),
    one.cashier,
    one.checkUrl,
  ];
}
