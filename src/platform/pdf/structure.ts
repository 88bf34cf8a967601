type Element = ReturnType<PDFKit.PDFDocument['struct']>;

/** Kinds of elements that readers know: what they announce, and what one can jump to. */
export type Kind = 'Sect' | 'H1' | 'H2' | 'P' | 'Table' | 'TR' | 'TH' | 'TD' | 'Figure';

/** What stands for a picture where it can't be seen; of which cells a head is the head. */
export interface Meaning {
  alt?: string;
  /** What is said instead of the letters as they stand, where these would run into each other. */
  actual?: string;
  scope?: 'Column' | 'Row';
}

/**
 * The order and meaning of what is drawn, for those who hear a document or read it in another shape. Whatever is
 * drawn belongs to one element; rules, bands and feet are decoration and are passed over.
 */
export class Structure {
  private parent: Element;
  private marked = false;

  constructor(private readonly document: PDFKit.PDFDocument) {
    this.parent = document.struct('Document');
    document.addStructure(this.parent);
  }

  /** An element that holds those of whatever `build` draws. */
  within(kind: Kind, build: () => void): void {
    if (this.marked) return build();
    const outer = this.parent;
    this.parent = this.add(kind);
    try {
      build();
    } finally {
      this.parent = outer;
    }
  }

  /** An element of what `draw` puts on the page; inside of another it is a part of that. */
  mark(kind: Kind, draw: () => void, meaning?: Meaning): void {
    if (this.marked) draw();
    else this.inside(this.add(kind, meaning), kind, draw);
  }

  /** An element that is drawn in pieces, maybe on several pages. */
  pieces(kind: Kind): (draw: () => void) => void {
    if (this.marked) return (draw) => draw();
    const element = this.add(kind);
    return (draw) => this.inside(element, kind, draw);
  }

  /** Says nothing. */
  decoration(draw: () => void): void {
    if (this.marked) return draw();
    this.marked = true;
    this.write('/Artifact BMC');
    draw();
    this.write('EMC');
    this.marked = false;
  }

  private add(kind: Kind, meaning: Meaning = {}): Element {
    const element = this.document.struct(kind, meaning as object);
    this.parent.add(element);
    return element;
  }

  private inside(element: Element, kind: Kind, draw: () => void): void {
    this.marked = true;
    const content = this.document.markStructureContent(kind);
    draw();
    this.document.endMarkedContent();
    element.add(content);
    this.marked = false;
  }

  private write(words: string): void {
    (this.document as unknown as { addContent(content: string): void }).addContent(words);
  }
}
