import { report, type PrintContext } from '../../../../platform/pdf/kit.js';
import { drawing } from '../../../../platform/pdf/worker.js';

export interface AddressPoster {
  context: PrintContext;
  /** `https://kilimani.aimsgo.com` */
  url: string;
  /** Other addresses of the same school, where it has a machine of its own. */
  others: readonly string[];
  /** Passwords travel readable: the poster says who may join the network. */
  plain: boolean;
}

const CODE = 104;

/** For the staff-room wall: the code can be scanned from two metres away. */
export async function addressPoster(data: AddressPoster): Promise<Buffer> {
  return report({ context: data.context, title: (words) => words.t('How to get to our school’s pages') }, (kit) => {
    const { pen, t, x, width } = kit;
    const line = (text: string, size: number, face: 'heading' | 'strong' | 'body' = 'body'): void => {
      const set = pen.set(text, { width, size, face: face === 'body' ? undefined : face, leading: 1.35, lines: 4 });
      pen.place(set, { x, y: kit.y, width });
      kit.y += set.height + 3;
    };
    line(t('1. Join the school’s network.'), 14);
    line(t('2. Scan this code with the camera, or type the address.'), 14);
    kit.y += 4;
    pen.qr(data.url, x + (width - CODE) / 2, kit.y, CODE);
    kit.y += CODE + 8;
    line(data.url, 22, 'heading');
    if (data.others.length > 0) line(t('If that does not open: {{list}}', { list: data.others.join(' · ') }), 11);
    line(t('3. Sign in with the email or phone number the office has, and bookmark the page.'), 14);
    if (data.plain) line(t('Use only on the school’s own network: what you type here is not encrypted.'), 11, 'strong');
  });
}

export const addressPosterDrawing = drawing(import.meta.url, { addressPoster });
