const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029<>:"|?*]/gu;

/** A file's name as a person gave it, fit to show and to offer again: no folders, controls or text-direction tricks. */
export function safeName(given: string): string {
  const last = given.split(/[\\/]/).at(-1) ?? '';
  const clean = last
    .normalize('NFC')
    .replace(UNSAFE, '')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  return shorten(clean || 'file', 150);
}

function shorten(name: string, most: number): string {
  const letters = [...name];
  if (letters.length <= most) return name;
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && name.length - dot <= 10 ? name.slice(dot) : '';
  return letters.slice(0, most - ending.length).join('') + ending;
}

/** RFC 6266: a plain name for old browsers, the true one beside it. */
export function contentDisposition(kind: 'inline' | 'attachment', name: string): string {
  const clean = safeName(name);
  const plain =
    clean
      .normalize('NFKD')
      .replace(/[^\x20-\x7e]/g, '')
      .replace(/["\\%;]/g, '_')
      .trim() || 'file';
  const encoded = encodeURIComponent(clean).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
