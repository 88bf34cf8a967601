import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { renderMarkdown, type Rendered } from './markdown.js';

export interface GuideDocument extends Rendered {
  /** The file's name without its ending; the first page is `README`. */
  name: string;
}

const OWN_PATH = /^\/(?!\/)[\w/.-]*$/;
const PICTURE = /^(?:\.\.\/)*pictures\/([\w-]+\.png)$/;

interface Guide {
  first: GuideDocument;
  others: readonly GuideDocument[];
}

/** The documents of docs/user-guide, in the order in which its first page names them; read when somebody first asks. */
export class GuideDocuments {
  private read: Guide | null = null;

  constructor(
    private readonly folder: string,
    private readonly pictures: string,
    /** Whether pages of the product, such as `/students`, are here to be linked to. */
    private readonly hasProduct: boolean,
  ) {}

  get first(): GuideDocument {
    return (this.read ??= this.readAll()).first;
  }

  get others(): readonly GuideDocument[] {
    return (this.read ??= this.readAll()).others;
  }

  private readAll(): Guide {
    const { folder } = this;
    const names = existsSync(folder)
      ? readdirSync(folder)
          .filter((file) => file.endsWith('.md'))
          .map((file) => file.slice(0, -3))
      : [];
    const render = (name: string): GuideDocument => ({
      name,
      ...renderMarkdown(readFileSync(path.join(folder, `${name}.md`), 'utf8'), {
        link: (target) => this.link(target),
        image: (target) => this.image(target),
      }),
    });
    const all = names.map(render);
    const first = all.find((one) => one.name === 'README') ?? { name: 'README', title: 'User guide', html: '' };
    const place = (one: GuideDocument): number => first.html.indexOf(`"/user-guide/${one.name}"`) >>> 0;
    return {
      first,
      others: all.filter((one) => one !== first).sort((a, b) => place(a) - place(b) || a.name.localeCompare(b.name)),
    };
  }

  find(name: string): GuideDocument | null {
    return this.others.find((one) => one.name === name) ?? null;
  }

  /** The file of a picture that is there, whatever is asked for. */
  picture(name: string): string | null {
    const file = path.join(this.pictures, name);
    return PICTURE.test(`pictures/${name}`) && existsSync(file) ? file : null;
  }

  private link(target: string): string | null {
    return linkTo(target, this.hasProduct);
  }

  private image(target: string): string | null {
    const name = PICTURE.exec(target)?.[1];
    return name && this.picture(name) ? `/user-guide/pictures/${name}` : null;
  }
}

/** Documents of the guide become pages of the guide; a page of the product stays what it is, where there is one. */
function linkTo(target: string, hasProduct: boolean): string | null {
  const document = /^([\w-]+)\.md(#[\w-]+)?$/.exec(target);
  if (document) return document[1] === 'README' ? '/user-guide/' : `/user-guide/${document[1]}${document[2] ?? ''}`;
  return (hasProduct && OWN_PATH.test(target)) || /^#[\w-]+$/.test(target) || /^https:\/\/[\w./-]+$/.test(target) ? target : null;
}
