import { isId } from '../../kernel/id.js';

/**
 * A parameter of one of these names is a key to what its route shows: who reads a log or the audit must not get in by
 * what they read there. Naming it so is how a route declares it.
 */
const SECRET = new Set(['token', 'sealed', 'code']);
const HIDDEN = '…';

/** `/pay/:token/prompts/:id` → where in an address that begins like this a secret stands. */
interface Place {
  before: string[];
  at: number;
}

/** What stands in logs and in the audit instead of an address: routes fill it, whether or not a request reaches one of them. */
export class SecretPaths {
  private readonly places = new Map<string, Place>();

  note(route: string): void {
    const parts = route.split('/');
    parts.forEach((part, at) => {
      if (part.startsWith(':') && SECRET.has(part.slice(1)))
        this.places.set(parts.slice(0, at + 1).join('/'), { before: parts.slice(0, at), at });
    });
  }

  /** With each secret hidden; an unknown address may be one with a key, too: ids are shorter or have the form of one. */
  hide(path: string): string {
    const parts = path.split('/');
    for (const { before, at } of this.places.values()) {
      if (
        at < parts.length &&
        parts[at] !== '' &&
        before.every((part, index) => part.startsWith(':') || part === parts[index]!.toLowerCase())
      )
        parts[at] = HIDDEN;
    }
    return parts.map((part) => (part.length >= 32 && !isId(part) ? HIDDEN : part)).join('/');
  }
}
