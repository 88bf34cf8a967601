import { Model, snakeCaseMappers } from 'objection';

export class AllocationModel extends Model {
  static override tableName = 'subjects_allocations';
  static override columnNameMappers = snakeCaseMappers();
}

export class ExceptionModel extends Model {
  static override tableName = 'subjects_exceptions';
  static override columnNameMappers = snakeCaseMappers();
}
