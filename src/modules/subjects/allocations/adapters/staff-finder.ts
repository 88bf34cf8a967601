import { registerName, spokenName } from '../../../../kernel/people/names.js';
import type { StaffBrief } from '../../../hr/index.js';
import type { Remark } from '../../../imports/index.js';
import { Spellings } from '../../subjects/spellings.rules.js';

/** Members of staff as a sheet names them: by staff number, else by name. */
export class StaffFinder {
  private readonly known = new Spellings<StaffBrief>();

  constructor(staff: readonly StaffBrief[]) {
    for (const one of staff) {
      const names = [registerName(one), spokenName(one), `${one.firstName} ${one.surname}`, `${one.surname} ${one.firstName}`];
      this.known.add(
        one,
        [one.staffNo, ...names, ...(one.title ? names.map((name) => `${one.title} ${name}`) : [])],
        one.title ? [`${one.title} ${one.surname}`] : [],
      );
    }
  }

  find(column: string, text: string): { id: string } | { remark: Remark } {
    const found = this.known.find(text);
    const refuse = (sentence: string): { remark: Remark } => ({
      remark: { column, severity: 'error', text: sentence, vars: { value: text.slice(0, 60) } },
    });
    if (found === 'several') return refuse('"{{value}}" may be more than one member of staff. Enter the staff number.');
    return found ?? refuse('No one called "{{value}}" works here. Enter the staff number, or import staff first.');
  }
}
