/** How a gateway wants to be asked, and how its answer is read. Texts may hold `{{to}}`, `{{text}}`, `{{from}}`, `{{id}}` and `{{key}}`. */
export interface Shape {
  method: 'GET' | 'POST' | 'PUT';
  headers: Record<string, string>;
  /** Written as the content type asks: quotes are escaped in JSON, signs in a form. Not sent with GET. */
  body: string;
  /** A regular expression that the answer of a message that was taken matches; null where the HTTP status says all. */
  success: string | null;
  /** Where in a JSON answer the gateway's own id stands (`messages.0.id`); its delivery reports name it. */
  ref: string | null;
}

export function plainShape(sender: string | null): Shape {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer {{key}}' },
    body: `{"to":"{{to}}","text":"{{text}}",${sender ? '"from":"{{from}}",' : ''}"id":"{{id}}"}`,
    success: null,
    ref: null,
  };
}

/** How a gateway tells what became of a message: names of its fields, and its words. */
export interface ReportShape {
  id: string;
  status: string;
  reason: string;
  /** In lower case. What stands in neither list is on its way still. */
  delivered: readonly string[];
  failed: readonly string[];
}

/** https://developers.africastalking.com/docs/sms/notifications */
export const AFRICAS_TALKING_REPORTS: ReportShape = {
  id: 'id',
  status: 'status',
  reason: 'failureReason',
  delivered: ['success'],
  failed: ['failed', 'rejected', 'absentsubscriber', 'expired'],
};

export function filled(template: string, values: Record<string, string>, into: 'plain' | 'json' | 'address'): string {
  return template.replace(/\{\{(\w+)\}\}/g, (all, name: string) => {
    const value = values[name];
    if (value === undefined) return all;
    if (into === 'json') return JSON.stringify(value).slice(1, -1);
    return into === 'address' ? encodeURIComponent(value) : value;
  });
}

/** The text or number at `messages.0.id` of a JSON text; null when there is none. */
export function atPath(json: string, path: string): string | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null) return null;
    value = (value as Record<string, unknown>)[step];
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}
