import { INK, PAPER } from './units.js';

/** A school's two colours, as given (`#0f5c43`). */
export interface Colours {
  first: string;
  second: string;
}

interface Shape {
  path: string;
  fill?: string;
  stroke?: string;
  width?: number;
}

/** A drawing on a grid of its own, placed by the pen. */
export interface Drawing {
  width: number;
  height: number;
  shapes: Shape[];
}

/** White or ink, whichever can be read on the colour (WCAG relative luminance). */
export function readableOn(colour: string): string {
  return 1.05 / (luminance(colour) + 0.05) >= 3.4 ? PAPER : INK;
}

function luminance(colour: string): number {
  const part = (at: number) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}

/** The same drawing each time that the same colours are asked for in a row, so that a document knows it again. */
function inColours(draw: (colours: Colours) => Drawing): (colours: Colours) => Drawing {
  let last: { key: string; drawing: Drawing } | null = null;
  return (colours) => {
    const key = `${colours.first} ${colours.second}`;
    if (last?.key !== key) last = { key, drawing: draw(colours) };
    return last.drawing;
  };
}

const SKIN = '#70472f';
const HAIR = '#1c1512';

const LONG_HAIR: Shape = {
  path: 'M12.500 25c0-9.500 5-14 11.500-14s11.500 4.500 11.500 14v12c0 3-2 4.500-4 4.500h-15c-2 0-4-1.500-4-4.500z',
  fill: HAIR,
};

/** In place of a missing photo: a learner in the school's uniform. */
const learner = (girl: boolean) =>
  inColours((colours) => {
    return {
      width: 48,
      height: 60,
      shapes: [
        { path: 'M0 0h48v60H0z', fill: '#dfe7e6' },
        ...(girl ? [LONG_HAIR] : []),
        { path: 'M20 36h8v9h-8z', fill: SKIN },
        { path: 'M24 16c5.400 0 9.800 5.400 9.800 12S29.400 40 24 40s-9.800-5.400-9.800-12S18.600 16 24 16z', fill: SKIN },
        { path: 'M14 26.500a2 2 0 1 1 0 4a2 2 0 1 1 0-4z', fill: SKIN },
        { path: 'M34 26.500a2 2 0 1 1 0 4a2 2 0 1 1 0-4z', fill: SKIN },
        {
          path: 'M13.800 22c0-7.500 4.500-10.500 10.200-10.500S34.200 14.500 34.200 22c-1.500-3.600-5-5-10.200-5s-8.700 1.400-10.200 5z',
          fill: HAIR,
        },
        { path: 'M4 60c.5-10 6-15 14-16.500L24 50l6-6.500C38 45 43.500 50 44 60z', fill: colours.first },
        { path: 'M17.500 43.500l2.500-2L24 46l4-4.500 2.500 2-6.500 8z', fill: PAPER },
        { path: 'M24 46l-1.800 2.500L23 60h2l.8-11.500z', fill: colours.second },
      ],
    };
  });

const LEARNERS = { F: learner(true), M: learner(false) };

export function silhouette(colours: Colours, sex: 'F' | 'M'): Drawing {
  return LEARNERS[sex](colours);
}

/** In place of a missing logo: a shield in the school's colours. */
export const badge = inColours((colours) => {
  const on = readableOn(colours.first);
  return {
    width: 32,
    height: 36,
    shapes: [
      { path: 'M1 1h30v17c0 9-6 14-15 17C7 32 1 27 1 18z', fill: colours.first },
      { path: 'M16 9.500a7 7 0 0 1 7 7H9a7 7 0 0 1 7-7z', fill: colours.second },
      {
        path: 'M16 4v3M8.200 7.200l2.100 2.100M23.800 7.200l-2.100 2.100M4.800 14.500l2.800.8M27.200 14.500l-2.800.8',
        stroke: colours.second,
        width: 1.7,
      },
      { path: 'M4 19.500c4-3 7 .8 12-1.800 4-2 8-1 12 1.800', stroke: on, width: 1.7 },
      {
        path: 'M16 22.500c-2.600-1.500-5-1.600-7.500-1v7c2.500-.6 4.900-.4 7.500 1 2.600-1.400 5-1.600 7.500-1v-7c-2.500-.6-4.900-.5-7.500 1z',
        fill: on,
      },
      { path: 'M16 22.500v7', stroke: colours.first, width: 1.2 },
    ],
  };
});

/** A triangle with an exclamation mark: watch this. */
export function warning(colour: string): Drawing {
  return {
    width: 12,
    height: 12,
    shapes: [
      { path: 'M6 .5L12 11.500H0z', fill: colour },
      { path: 'M6 4.200v3.600M6 9.100v1.100', stroke: PAPER, width: 1.4 },
    ],
  };
}

/** A square to tick, with or without its tick. */
export function tickBox(ticked: boolean): Drawing {
  const box: Shape = { path: 'M1 1h10v10H1z', stroke: INK, width: 1 };
  return {
    width: 12,
    height: 12,
    shapes: ticked ? [box, { path: 'M3 6.200l2.300 2.500L9.300 3.500', stroke: INK, width: 1.6 }] : [box],
  };
}
