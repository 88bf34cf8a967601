import { isOpen, type Prompt } from '../../domain/prompt.js';
import { meaningOf } from '../../domain/results.js';

/** What a page says about how far a prompt is. */
export function stateOf(prompt: Prompt): { live: boolean; sentence: string } {
  const sentences: Record<Prompt['state'], string> = {
    asking: 'The prompt is on its way.',
    asked: 'The prompt is on the phone. Its owner enters the PIN there.',
    unknown: 'M-Pesa can’t say yet how this ended. It is asked again; nothing is lost.',
    failed: prompt.resultCode === 'away' ? 'M-Pesa can’t be reached now. Nothing was asked of the phone.' : meaningOf(prompt.resultCode ?? '').sentence,
    'receipt-awaited': 'M-Pesa says that it is paid. The receipt follows as soon as its number is known.',
    paid: 'Paid.',
  };
  return { live: isOpen(prompt), sentence: sentences[prompt.state] };
}
