/** What a module brings so that its list can be imported: bind an `ImportKind` to `IMPORT_KINDS`. */
export { IMPORT_KINDS } from './ports.js';
/** What comes in by the same steps but is no list. */
export { FOREIGN_IMPORTS, type ForeignImport, type ForeignState } from './ports.js';
/** What a module knows to be missing in its lists, for the page after moving in. */
export { GAP_SOURCES, type Gap, type GapSource } from './ports.js';
export type {
  Action,
  Answers,
  Base,
  CellValue,
  CheckedLine,
  ImportContext,
  ImportKind,
  KindRun,
  Line,
  LineToWrite,
  Mark,
  Question,
  RawRow,
  Remark,
  RestoredOf,
  RowSource,
  SameRule,
  WrittenLine,
} from './ports.js';
export { IMPORTS, type ImportsApi, type ImportTouch } from './ports.js';
export { MODES, type Mode } from './import.rules.js';
