import { Conflict } from '../../../kernel/errors.js';

/** Database and login roles are named by the address alone: on a cluster of several platforms they may be another school's. */
export class OfAnotherSchool extends Conflict {
  constructor() {
    super(
      'A database with this name already exists and belongs to another school. It was not changed.',
      'provisioning.of-another-school',
    );
  }
}
