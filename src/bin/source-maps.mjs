// Source maps cut down to what a stack trace needs: the file and line of our own code. Node reads every map whole at
// the start; with each column and each package in it the maps of the program weigh as much as the program.

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUE = new Map([...DIGITS].map((digit, value) => [digit, value]));

/** The same map with one entry for each line of our own sources, and none for packages. */
export function linesOnly(text) {
  const { mappings, sources, ...map } = JSON.parse(text);
  const own = sources.map((source) => !source.includes('node_modules/'));
  const kept = [];
  const newIndex = own.map((mine, index) => (mine ? kept.push(sources[index]) - 1 : -1));
  return JSON.stringify({ ...map, sources: kept, names: [], mappings: thin(mappings, newIndex) });
}

function thin(mappings, newIndex) {
  const at = { source: 0, line: 0, column: 0 };
  const written = { source: 0, line: 0, column: 0 };
  let last = '';
  const lines = mappings.split(';').map((text) => {
    let place = 0;
    let writtenPlace = 0;
    const segments = [];
    for (const segment of text === '' ? [] : text.split(',')) {
      const [forward, source = 0, line = 0, column = 0] = numbersIn(segment);
      place += forward;
      at.source += source;
      at.line += line;
      at.column += column;
      const mine = segment.length > 1 ? newIndex[at.source] : -1;
      const here = mine < 0 ? 'package' : `${mine}:${at.line}`;
      if (here === last) continue;
      last = here;
      const fields = [place - writtenPlace];
      if (mine >= 0) {
        fields.push(mine - written.source, at.line - written.line, at.column - written.column);
        Object.assign(written, { source: mine, line: at.line, column: at.column });
      }
      writtenPlace = place;
      segments.push(fields.map(digitsOf).join(''));
    }
    return segments.join(',');
  });
  return lines.join(';');
}

/** Base 64 with six bits a digit: the highest says that more follow, the lowest of the number is its sign. */
function numbersIn(segment) {
  const numbers = [];
  let number = 0;
  let shift = 0;
  for (const digit of segment) {
    const value = VALUE.get(digit);
    number += (value & 31) << shift;
    shift += 5;
    if (value & 32) continue;
    numbers.push(number & 1 ? -(number >> 1) : number >> 1);
    number = 0;
    shift = 0;
  }
  return numbers;
}

function digitsOf(number) {
  let rest = number < 0 ? (-number << 1) | 1 : number << 1;
  let digits = '';
  do {
    const more = rest >> 5;
    digits += DIGITS[(rest & 31) | (more > 0 ? 32 : 0)];
    rest = more;
  } while (rest > 0);
  return digits;
}
