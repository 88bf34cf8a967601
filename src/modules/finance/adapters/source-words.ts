/** What an entry of the journal was made from, by the kind that whoever posted it gives; the modules that post keep these kinds. */
const SOURCE_WORDS: Readonly<Record<string, string>> = {
  'journal': 'Voucher by hand',
  'reversal': 'Reversal',
  'year-end': 'End of the year',
  'opening-balances': 'Opening balances',
  'finance.grant': 'Grant',
  'fees.invoice': 'Invoice',
  'fees.opening': 'Opening balance of a student',
  'fees.debit-note': 'Debit note',
  'fees.credit-note': 'Credit note',
  'fees.release': 'Fees of a term that became income',
  'fees.merge': 'Records of a student put together',
  'fees-payment': 'Receipt',
  'fees-move': 'Receipt moved to another student',
  'fees-refund': 'Refund',
  'fees-till': 'Count of a till',
  'fees-till-banking': 'Cash taken to the bank',
  'fees-cheque-deposit': 'Cheques taken to the bank',
  'fees-cheque-return': 'Cheque that came back',
  'suspense': 'Unidentified money',
  'suspense-reversal': 'Money that the network took back',
};

/** English; the kind itself where nobody wrote a word for it. */
export function sourceWord(kind: string): string {
  return SOURCE_WORDS[kind] ?? kind;
}
