import { Model, snakeCaseMappers } from 'objection';

export class StaffModel extends Model {
  static override tableName = 'hr_staff';
  static override columnNameMappers = snakeCaseMappers();
}
