import { Conflict } from '../../../kernel/errors.js';

/** Database and login roles are named by the address alone: on a cluster of several platforms they may be another school's. */
export class OfAnotherSchool extends Conflict {
  constructor() {
    super('A database of this name is there already, and it belongs to another school. It was left as it is.', 'provisioning.of-another-school');
  }
}
