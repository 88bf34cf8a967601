/** What an entry of the journal was made from, by the kind that whoever posted it gives; the modules that post keep these kinds. */
const SOURCE_WORDS: Readonly<Record<string, string>> = {
  journal: 'Manual voucher',
  reversal: 'Reversal',
  'year-end': 'Year end',
  'opening-balances': 'Opening balances',
  'finance.grant': 'Grant',
  'fees.invoice': 'Invoice',
  'fees.opening': 'Student opening balance',
  'fees.debit-note': 'Debit note',
  'fees.credit-note': 'Credit note',
  'fees.release': 'Term fees recognised as income',
  'fees.merge': 'Student records merged',
  'fees-payment': 'Receipt',
  'fees-move': 'Receipt moved to another student',
  'fees-refund': 'Refund',
  'fees-till': 'Till count',
  'fees-till-banking': 'Cash banked',
  'fees-cheque-deposit': 'Cheques banked',
  'fees-cheque-return': 'Returned cheque',
  suspense: 'Unidentified money',
  'suspense-reversal': 'Payment reversed by the network',
};

/** English; the kind itself where nobody wrote a word for it. */
export function sourceWord(kind: string): string {
  return SOURCE_WORDS[kind] ?? kind;
}
