import { formatMoney } from '../../../kernel/money.js';
import { plural } from '../../../kernel/packs/dialect.js';
import { isTaught, levelsIn } from '../../../kernel/packs/index.js';
import type { CountryPack, Level, Stage } from '../../../kernel/packs/types.js';
import { priceFor } from '../price.rules.js';

export const addressOf = (pack: CountryPack): string => `/countries/${pack.id}`;

/** One line of the list of countries. */
export function countryLine(pack: CountryPack, year: number): object {
  return {
    name: pack.name,
    href: addressOf(pack),
    curricula: pack.curricula.map((one) => one.name).join(', '),
    levels: levelsIn(pack, year).length,
    subjects: subjectNames(pack).length,
    scales: pack.scales.length,
    terms: pack.calendar.terms.length,
  };
}

/** What the page of a country shows of its pack, in the year that is running. */
export function countryPage(pack: CountryPack, year: number, language: string): object {
  const levels = levelsIn(pack, year);
  return {
    id: pack.id,
    name: pack.name,
    year,
    levelCount: levels.length,
    subjectCount: subjectNames(pack).length,
    curricula: pack.curricula.map((one) => one.name).join(', '),
    currency: pack.currency,
    words: [...new Set(Object.values(pack.words))].join(', '),
    identifiers: ['Birth certificate number', ...pack.identifiers.map((one) => one.label)].join(', '),
    regions: pack.regions.length,
    regionWord: pack.regions.length === 1 ? pack.words.region.toLowerCase() : plural(pack.words.region.toLowerCase()),
    price: formatMoney(priceFor(pack, 1).term, pack.currency, language),
    stages: pack.stages.map((stage) => stageOf(pack, stage, levels, year)).filter((stage) => stage.levels !== ''),
    calendarYear: pack.calendar.spansTwoYears ? `${pack.calendar.year}/${pack.calendar.year + 1}` : String(pack.calendar.year),
    terms: pack.calendar.terms,
    scales: pack.scales,
    pathways: pack.pathways.map((pathway) => pathway.name),
    law: pack.law,
  };
}

function stageOf(pack: CountryPack, stage: Stage, running: readonly Level[], year: number) {
  const levels = running.filter((level) => level.stage === stage.id);
  const taught = pack.subjects.filter((subject) => levels.some(({ code }) => isTaught(subject, code, year)));
  const names = (kind: 'compulsory' | 'elective'): string[] => [
    ...new Set(taught.filter((one) => one.kind === kind).map((one) => one.name)),
  ];
  const ages = levels.map((level) => level.age);
  return {
    name: stage.name,
    levels: levels.map((level) => level.name).join(', '),
    ages: ages.length > 1 ? `${Math.min(...ages)}–${Math.max(...ages)}` : ages.join(''),
    scale: pack.scales.find((scale) => scale.id === stage.scale)?.name ?? null,
    compulsory: names('compulsory'),
    electives: names('elective'),
  };
}

function subjectNames(pack: CountryPack): string[] {
  return [...new Set(pack.subjects.map((subject) => subject.name))];
}
