/** What imports need from outside and from the modules that bring their lists, by topic. */
export type { Column, RawCell, RawRow } from '../../platform/sheets/columns.js';
export type { DaySurvey } from '../../platform/sheets/reading/day-survey.js';
export type { Mapping } from '../../platform/sheets/reading/mapping.js';
export type { SheetInfo } from '../../platform/sheets/messages.js';
export type { CellContext, CellValue } from '../../platform/sheets/reading/parse.js';
export type { Answers, Question } from './question.rules.js';
export type { Base } from './restored.rules.js';
export * from './foreign.ports.js';
export * from './missing/gaps.ports.js';
export * from './kinds.ports.js';
export * from './reading/lines.ports.js';
export * from './reading/reader.ports.js';
export * from './stores.ports.js';
