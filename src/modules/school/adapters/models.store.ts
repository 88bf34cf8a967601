import { Model, snakeCaseMappers } from 'objection';

export { ForeignKeyViolationError } from 'objection';

/** `first_colour` in the table is `firstColour` here. */
class Row extends Model {
  static override columnNameMappers = snakeCaseMappers();
  declare id: string;
}

export class SchoolRow extends Row {
  static override tableName = 'school';
  declare name: string;
  declare shortName: string;
  declare motto: string;
  declare type: string;
  declare code: string;
  declare address: string;
  declare town: string;
  declare region: string;
  declare country: string;
  declare phones: string[];
  declare email: string;
  declare website: string;
  declare currency: string;
  declare zone: string;
  declare language: string;
  declare packId: string;
  declare stages: string[];
  declare numberPrefix: string;
  declare admissionPattern: string;
  declare staffPattern: string;
  declare firstColour: string;
  declare secondColour: string;
  declare themeCss: string;
  declare themeHash: string;
  declare modulesOff: string[];
  declare setupDone: string[];
  declare setupFinishedAt: Date | null;
  declare expectedLearners: number | null;
}

export class YearRow extends Row {
  static override tableName = 'school_years';
  declare name: string;
  declare startsOn: string;
  declare endsOn: string;
}

export class TermRow extends Row {
  static override tableName = 'school_terms';
  declare yearId: string;
  declare name: string;
  declare startsOn: string;
  declare endsOn: string;
}

export class DayTypeRow extends Row {
  static override tableName = 'school_day_types';
  declare name: string;
  declare kind: string;
  declare active: boolean;
}

export class DayRow extends Row {
  static override tableName = 'school_days';
  declare dayTypeId: string;
  declare startsOn: string;
  declare endsOn: string;
  declare note: string;
}

export class ListRow extends Row {
  static override tableName = 'school_lists';
  declare kind: string;
  declare name: string;
  declare nameFolded: string;
  declare position: number;
  declare capacity: number | null;
  declare note: string;
  declare active: boolean;
}

export class ScaleRow extends Row {
  static override tableName = 'school_scales';
  declare name: string;
  declare basis: string;
  declare national: boolean;
  declare packScale: string | null;
}

export class BandRow extends Row {
  static override tableName = 'school_scale_bands';
  declare scaleId: string;
  declare grade: string;
  declare lowest: number;
  declare points: number | null;
  declare words: string;
}

export class AssetRow extends Row {
  static override tableName = 'school_assets';
  declare kind: string;
  declare signatory: string;
  declare title: string;
  declare version: number;
  declare fileId: string;
  declare current: boolean;
}
