import { setTimeout as pause } from 'node:timers/promises';
import { LocalDaraja, type Fate } from '../local-daraja/local-daraja.js';

/** So long somebody takes to find their phone and enter a PIN. */
const THINKING_MS = 6_000;
/** By the last two digits of the phone: what is not named here pays. */
const FATES: Record<string, Fate> = {
  '01': { code: 1032 },
  '02': { code: 1037 },
  '03': { code: 0, callback: false, confirmed: false },
  '04': { code: 1 },
};

/** A stand-in for M-Pesa beside the demo schools, so that a prompt can be tried: nobody's money moves. */
export async function startLocalMoney(): Promise<{ url: string; close(): Promise<void> }> {
  const daraja: LocalDaraja = new LocalDaraja({
    onPrompt: (prompt) => {
      void pause(THINKING_MS, null, { ref: false }).then(() =>
        daraja.answer(prompt, FATES[prompt.phone.slice(-2)] ?? { code: 0 }),
      );
    },
  });
  return { url: await daraja.listen(), close: () => daraja.close() };
}
