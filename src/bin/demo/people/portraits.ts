import { Random } from '../random.js';

/** How many different faces there are of each sex; children share them. */
const EACH = 30;
const SIZE = { width: 240, height: 300 };

const SKINS = ['#4a2c1a', '#5d3a22', '#6f4628', '#7d5233', '#8d6040', '#a4764f'];
const GROUNDS = ['#dfe8ee', '#e9e4d8', '#dcebe2', '#ece0e4'];

export interface Uniform {
  /** Jumper or blazer, and the collar's stripe. */
  first: string;
  second: string;
}

export interface Portraits {
  /** `face` from 0 to 1 chooses the drawing; Muslim girls wear a headscarf. */
  of(child: { sex: 'F' | 'M'; face: number; religion: string }): Buffer;
}

/** Drawn children in the school's uniform: nobody's likeness, and each time the same. */
export async function drawPortraits(uniform: Uniform): Promise<Portraits> {
  const { default: sharp } = await import('sharp');
  const draw = (svg: string): Promise<Buffer> =>
    sharp(Buffer.from(svg)).flatten({ background: '#ffffff' }).jpeg({ quality: 72 }).toBuffer();
  const kinds = { girl: HAIR_GIRLS, boy: HAIR_BOYS, scarf: [scarf] };
  const made = new Map<string, Buffer[]>();
  for (const [kind, hairs] of Object.entries(kinds)) {
    const random = new Random(kind.length * 7919);
    const count = kind === 'scarf' ? 8 : EACH - 4;
    made.set(
      kind,
      await Promise.all(
        Array.from({ length: count }, (_, index) => draw(portrait(random, uniform, hairs[index % hairs.length]!))),
      ),
    );
  }
  return {
    of: ({ sex, face, religion }) => {
      const drawings = made.get(sex === 'M' ? 'boy' : religion === 'Muslim' && face < 0.7 ? 'scarf' : 'girl')!;
      return drawings[Math.floor(face * 1000) % drawings.length]!;
    },
  };
}

type Hair = (colour: string, random: Random) => { behind: string; before: string };

function portrait(random: Random, uniform: Uniform, hair: Hair): string {
  const skin = random.pick(SKINS);
  const { behind, before } = hair(random.pick(['#15100d', '#1d1512', '#241a15']), random);
  const width = random.whole(46, 53);
  const eyes = random.whole(128, 133);
  const smile = random.whole(6, 14);
  const shade = '#00000022';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE.width}" height="${SIZE.height}" viewBox="0 0 240 300">
<rect width="240" height="300" fill="${random.pick(GROUNDS)}"/>${behind}
<path d="M20 300c4-62 44-82 100-82s96 20 100 82z" fill="${uniform.first}"/>
<path d="M88 222l32 44 32-44-14-10h-36z" fill="#fbfbf7"/><path d="M114 240h12l6 52-12 8-12-8z" fill="${uniform.second}"/>
<path d="M98 176h44v38a22 18 0 0 1-44 0z" fill="${skin}"/><path d="M98 190a40 26 0 0 0 44 0v14a40 26 0 0 1-44 0z" fill="${shade}"/>
<ellipse cx="${120 - width}" cy="136" rx="8" ry="13" fill="${skin}"/><ellipse cx="${120 + width}" cy="136" rx="8" ry="13" fill="${skin}"/>
<ellipse cx="120" cy="130" rx="${width}" ry="61" fill="${skin}"/>
${before}
<g fill="#fff"><ellipse cx="100" cy="${eyes}" rx="9" ry="6"/><ellipse cx="140" cy="${eyes}" rx="9" ry="6"/></g>
<g fill="#201510"><circle cx="100" cy="${eyes}" r="4.6"/><circle cx="140" cy="${eyes}" r="4.6"/></g>
<g stroke="#201510" stroke-width="3.4" fill="none" stroke-linecap="round"><path d="M90 ${eyes - 15}q10-5 20 0M130 ${eyes - 15}q10-5 20 0"/></g>
<path d="M112 150q8 7 16 0" stroke="${shade}" stroke-width="4" fill="none" stroke-linecap="round"/>
<path d="M101 165q19 ${smile} 38 0" stroke="#5b2320" stroke-width="4.6" fill="none" stroke-linecap="round"/></svg>`;
}

const cap = (colour: string): string =>
  `<path d="M66 126c-3-44 24-62 54-62s57 18 54 62c-8-24-28-34-54-34s-46 10-54 34z" fill="${colour}"/>`;

const HAIR_BOYS: Hair[] = [
  (colour) => ({ behind: '', before: cap(colour) }),
  (colour) => ({
    behind: '',
    before: `<path d="M70 112c2-34 24-46 50-46s48 12 50 46c-12-14-30-20-50-20s-38 6-50 20z" fill="${colour}"/>`,
  }),
  (colour) => ({ behind: `<ellipse cx="120" cy="92" rx="56" ry="42" fill="${colour}"/>`, before: cap(colour) }),
];

const HAIR_GIRLS: Hair[] = [
  (colour) => ({
    behind: `<circle cx="68" cy="74" r="27" fill="${colour}"/><circle cx="172" cy="74" r="27" fill="${colour}"/>`,
    before: cap(colour),
  }),
  (colour) => ({ behind: `<ellipse cx="120" cy="58" rx="34" ry="28" fill="${colour}"/>`, before: cap(colour) }),
  (colour) => ({
    behind: `<path d="M62 120c-6 40-4 74 4 96h108c8-22 10-56 4-96z" fill="${colour}"/>`,
    before: `${cap(colour)}<g stroke="#ffffff33" stroke-width="2" fill="none"><path d="M92 72q-8 18-10 34M108 66q-6 16-8 28M132 66q6 16 8 28M148 72q8 18 10 34"/></g>`,
  }),
  (colour) => ({
    behind: '',
    before: `${cap(colour)}<g stroke="#ffffff2b" stroke-width="2.4" fill="none"><path d="M100 66v28M120 63v29M140 66v28"/></g>`,
  }),
];

const scarf: Hair = (_colour, random) => {
  const cloth = random.pick(['#f4f1ea', '#e7ecef', '#1f3a4d']);
  return {
    behind: `<path d="M50 132c-4-58 30-84 70-84s74 26 70 84c4 44 2 78-10 100H60c-12-22-14-56-10-100z" fill="${cloth}"/>`,
    before: `<path fill-rule="evenodd" d="M60 134c-4-52 26-76 60-76s64 24 60 76c0 42-26 74-60 74s-60-32-60-74zm14-2c0 36 20 60 46 60s46-24 46-60-20-46-46-46-46 10-46 46z" fill="${cloth}"/><path d="M70 165c6 40 94 40 100 0l8 66c-36 20-80 20-116 0z" fill="${cloth}"/>`,
  };
};
