import { Model, snakeCaseMappers } from 'objection';

/** CRUD of single rows goes through these; lists and bulk writes are SQL in the stores. */
abstract class Table extends Model {
  static override columnNameMappers = snakeCaseMappers();
  declare id: string;
}

export class StudentModel extends Table {
  static override tableName = 'students';
  static override jsonAttributes = ['custom', 'boardingChanges'];
}

export class GuardianModel extends Table {
  static override tableName = 'students_guardians';
}

export class GuardianshipModel extends Table {
  static override tableName = 'students_guardianships';
}

export class EnrolmentModel extends Table {
  static override tableName = 'students_enrolments';
}

export class AssignmentModel extends Table {
  static override tableName = 'students_assignments';
}
