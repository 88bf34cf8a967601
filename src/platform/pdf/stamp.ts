import type { Drawing } from './pictures.js';

/** A drawing that lies in the file once, to be shown on its pages as often as it is wanted. */
export interface Stamp {
  name: string;
  content: Reference;
}

interface Reference {
  end(content: string): void;
}

/** What pdfkit has for pictures and keeps to itself; a drawing is one in the format's own words. */
interface Inside {
  page: { xobjects: Record<string, Reference> };
  ref(entries: object): Reference;
  addContent?: (content: string) => unknown;
}

/** The shapes in the drawing's own measure; `name` is unlike that of any other in the document. */
export function stampOf(document: PDFKit.PDFDocument, drawing: Drawing, name: string): Stamp {
  const inside = document as unknown as Inside;
  const content = inside.ref({ Type: 'XObject', Subtype: 'Form', BBox: [0, 0, drawing.width, drawing.height], Resources: {} });
  content.end(wordsFor(document, drawing));
  return { name, content };
}

/** Shows it at the current origin, in the current scale. */
export function press(document: PDFKit.PDFDocument, stamp: Stamp): void {
  const inside = document as unknown as Inside;
  inside.page.xobjects[stamp.name] ??= stamp.content;
  inside.addContent!(`/${stamp.name} Do`);
}

/** What pdfkit would write on the page for these shapes. */
function wordsFor(document: PDFKit.PDFDocument, drawing: Drawing): string {
  const inside = document as unknown as Inside;
  const words: string[] = [];
  inside.addContent = (content) => {
    words.push(content);
    return document;
  };
  try {
    for (const shape of drawing.shapes) {
      document.path(shape.path);
      if (shape.fill) document.fill(shape.fill);
      else if (shape.stroke)
        document
          .lineWidth(shape.width ?? 1)
          .lineCap('round')
          .stroke(shape.stroke);
    }
  } finally {
    delete inside.addContent;
  }
  return words.join('\n');
}
