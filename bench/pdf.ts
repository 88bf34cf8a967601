import { median, type BenchLine } from './lines.js';
import type { BenchSchool } from './school.js';
import type { Stage } from './stage.js';
import { Visitor, type Answer } from './load/visitor.js';
import { BareWriter, type Cards, type Lists } from './floor/writer.js';

const CARDS = 500;
const ROUNDS = 3;

interface Row {
  id: string;
  surname: string;
  first_name: string;
  admission_no: string;
  sex: string;
  class: string | null;
}

/** 500 ID cards and the class lists of the same streams, beside pdfkit alone with the same texts, shapes and codes. */
export async function benchPdf(stage: Stage, { school, registrar, readers, streams }: BenchSchool): Promise<BenchLine> {
  const child = await stage.start(school);
  const writer = BareWriter.start();
  try {
    // Whoever has just taken many out is asked who they are before they take more: each time somebody who has just come in.
    const comeIn = async (): Promise<Visitor> => {
      const visitor = new Visitor(child.port, stage.originOf(school));
      await visitor.signIn(registrar.email, registrar.password);
      return visitor;
    };
    const reader = await new Visitor(child.port, stage.originOf(school)).token(readers[0]!.email, readers[0]!.password);
    const chosen = await whole(new Visitor(child.port, stage.originOf(school)), `Bearer ${reader}`, Object.keys(streams));
    const query = [...chosen.keys()].map((id) => `stream=${id}`).join('&');
    const order = contentsOf([...chosen.values()], stage.originOf(school));
    const product: number[] = [];
    const limit: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const bare = await writer.run({ kind: 'pdf', ...order });
      limit.push(bare.pages! / bare.seconds);
      const cards = await cardsOf(await comeIn(), query);
      const lists = await timed(await comeIn(), (visitor) => visitor.get(`/students/prints/class-list?${query}`));
      product.push((cards.pages + lists.pages) / (cards.seconds + lists.seconds));
    }
    return {
      id: 'pdf.batch',
      unit: 'pages/s',
      product: median(product),
      limit: median(limit),
      ratio: median(product) / median(limit),
    };
  } finally {
    writer.stop();
    await child.stop();
  }
}

async function cardsOf(visitor: Visitor, query: string): Promise<{ pages: number; seconds: number }> {
  const token = /X-CSRF-Token&#34;:&#34;([0-9a-f]+)/.exec((await visitor.get('/students/prints')).text)?.[1] ?? '';
  const headers = { origin: visitor.origin, 'x-csrf-token': token, 'content-type': 'application/x-www-form-urlencoded' };
  return timed(visitor, () => visitor.send('POST', '/students/prints/id-cards', query, headers));
}

async function timed(
  visitor: Visitor,
  print: (visitor: Visitor) => Promise<Answer>,
): Promise<{ pages: number; seconds: number }> {
  const began = performance.now();
  const answer = await print(visitor);
  return { pages: pagesOf(answer), seconds: (performance.now() - began) / 1000 };
}

/** As many whole streams as hold 500 learners. */
async function whole(visitor: Visitor, authorization: string, streamIds: readonly string[]): Promise<Map<string, Row[]>> {
  const chosen = new Map<string, Row[]>();
  let count = 0;
  for (const id of streamIds) {
    if (count >= CARDS) break;
    const { text } = await visitor.get(`/api/v1/students?limit=200&stream_id=${id}`, { authorization });
    const rows = (JSON.parse(text) as { data: Row[] }).data;
    chosen.set(id, rows);
    count += rows.length;
  }
  return chosen;
}

function contentsOf(classes: readonly Row[][], origin: string): Cards & Lists {
  return {
    cards: classes.flat().map((row) => ({
      lines: [
        'Kilimani Academy',
        'P.O. Box 100, Nairobi',
        `${row.first_name} ${row.surname}`,
        'Adm no',
        row.admission_no,
        'Class',
        row.class ?? '',
        'Stays',
        'Day',
        'Valid to',
        '31 Dec 2026',
      ],
      code: `${origin}/check/${row.id.replaceAll('-', '').slice(0, 20)}`,
    })),
    lists: classes.map((rows) => ({
      rows: rows.map((row, index) => [String(index + 1), `${row.surname} ${row.first_name}`, row.admission_no, row.sex]),
    })),
  };
}

/** Counted in the file: the marks of pages lie open in it. */
function pagesOf({ status, text, headers }: Answer): number {
  const pages = text.match(/\/Type \/Page\b(?!s)/g)?.length ?? 0;
  if (status !== 200 || headers['content-type'] !== 'application/pdf' || pages === 0)
    throw new Error(`This is no document (${status}): ${text.slice(0, 200)}`);
  return pages;
}
