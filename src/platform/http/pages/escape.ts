const UNSAFE = /[&<>"']/;
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

/** Most texts have nothing to escape, and finding that out is cheaper than replacing. */
export function escapeHtml(value?: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value : String(value);
  return UNSAFE.test(text) ? text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!) : text;
}
