/** What imports need from outside and from the modules that bring their lists, by topic. */
export type { Column, RawCell, RawRow } from '../../platform/sheets/columns.js';
export type { DaySurvey } from '../../platform/sheets/day-survey.js';
export type { Mapping } from '../../platform/sheets/mapping.js';
export type { SheetInfo } from '../../platform/sheets/messages.js';
export type { CellContext, CellValue } from '../../platform/sheets/parse.js';
export type { Answers, Question } from './domain/question.js';
export type { Base } from './domain/restored.js';
export * from './ports/foreign.js';
export * from './ports/gaps.js';
export * from './ports/kinds.js';
export * from './ports/lines.js';
export * from './ports/reader.js';
export * from './ports/stores.js';
