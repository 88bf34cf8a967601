import { pdfDocument } from '../../../platform/pdf/document.js';

/** A page that looks like a scan of what a family hands in, and says that it is made up. */
export async function specimen(
  kind: string,
  child: { name: string; bornOn: string },
  lines: readonly string[],
): Promise<Uint8Array> {
  const facts = {
    page: 'A4',
    title: kind,
    author: 'Demo school',
    language: 'en',
    madeAt: new Date(`${child.bornOn}T00:00:00Z`),
  } as const;
  return pdfDocument(facts, (pen) => {
    pen.rule(14, 14, 196, 14, {});
    pen.text(kind, { x: 14, y: 24, width: 182, size: 22, face: 'heading', lines: 2 });
    pen.text(child.name, { x: 14, y: 46, width: 182, size: 14, face: 'strong', lines: 2 });
    for (const [at, line] of lines.entries()) pen.text(line, { x: 14, y: 62 + at * 8, width: 182, size: 11, lines: 1 });
    pen.text('Specimen, made up for the demo school. It certifies nothing.', { x: 14, y: 270, width: 182, size: 9, lines: 1 });
    pen.rule(14, 282, 196, 282, {});
  });
}
