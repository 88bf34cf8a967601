import { fold } from '../../kernel/people/names.js';
import { flag, record, text, type Filled, type RowOf, type Rows } from '../../kernel/shapes/record.js';
import { token } from '../../kernel/shapes/tokens.js';

export const __fileConst__ = record(
  '__table__',
  {
    name: text('Name', { most: 80, width: 30, taken: 'Another has this name already' }),
    note: text('Note', { most: 300, optional: true, width: 50 }),
    active: flag('In use', { usually: true, hint: 'What is not in use stays in the history, but can’t be chosen' }),
  },
  { entity: '__file__', order: 'nameFolded', derived: { nameFolded: ({ name }) => fold(name) } },
);

export type __Type__ = RowOf<typeof __fileConst__>;
export type __Type__Details = Filled<typeof __fileConst__>;
export const __TYPE___ROWS = token<Rows<typeof __fileConst__>>('__Type__Rows');
