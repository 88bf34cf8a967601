import { isOpen, type Prompt } from '../prompt.rules.js';
import { meaningOf } from '../../daraja/results.rules.js';

/** What a page says about how far a prompt is. */
export function stateOf(prompt: Prompt): { live: boolean; sentence: string } {
  const sentences: Record<Prompt['state'], string> = {
    asking: 'The prompt is on its way.',
    asked: 'The prompt is on the phone. Enter the PIN there.',
    unknown: 'M-Pesa can’t confirm the result yet. We keep asking; nothing is lost.',
    failed:
      prompt.resultCode === 'away'
        ? 'M-Pesa can’t be reached now. No prompt was sent to the phone.'
        : meaningOf(prompt.resultCode ?? '').sentence,
    'receipt-awaited': 'M-Pesa says it has been paid. The receipt follows as soon as its number is known.',
    paid: 'Paid.',
  };
  return { live: isOpen(prompt), sentence: sentences[prompt.state] };
}
