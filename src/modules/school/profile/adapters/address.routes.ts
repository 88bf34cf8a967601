import { printedFor } from '../../../../platform/http/routes/pdf-route.js';
import { machineNames, networkAddresses } from '../../../../platform/http/own-names.js';
import { qrPicture } from '../../../../platform/http/pages/qr.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { Config } from '../../../../platform/settings.js';
import { addressPosterDrawing } from './address-poster.pdf.js';
import type { SchoolApi } from '../../index.js';

/** How teachers' phones get here: the address, its code, and a poster for the wall. */
export function addressRoutes(r: Routes, school: SchoolApi, config: Config): void {
  r.get('/school/address', 'signed-in', async (_req, res) => {
    const { publicUrl } = config;
    await res.page('school/address/show', {
      url: publicUrl,
      others: othersOf(config),
      qr: await qrPicture(publicUrl),
      plain: isPlain(config),
      ownMachine: config.ownMachine,
    });
  });

  r.pdf({
    path: '/school/address/poster.pdf',
    can: 'signed-in',
    filename: () => 'address.pdf',
    load: async (req) => ({
      context: printedFor(req, await school.letterhead()),
      url: config.publicUrl,
      others: othersOf(config),
      plain: isPlain(config),
    }),
    draw: addressPosterDrawing,
  });
}

/** The machine's other addresses and names; the port and the scheme are those of the first. */
function othersOf({ publicUrl, ownMachine }: Config): string[] {
  if (!ownMachine) return [];
  const { protocol, port, host } = new URL(publicUrl);
  // Nobody types an IPv6 address from a wall.
  const names = [
    ...networkAddresses().filter((name) => !name.startsWith('[')),
    ...machineNames().filter((name) => name.endsWith('.local')),
  ];
  return names
    .map((name) => new URL(`${protocol}//${name}${port && `:${port}`}`))
    .filter((url) => url.host !== host)
    .map((url) => url.origin);
}

function isPlain({ ownMachine, secure }: Config): boolean {
  return Boolean(ownMachine) && !secure;
}
