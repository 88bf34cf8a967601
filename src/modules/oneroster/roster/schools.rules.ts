import type { Content, Numbered } from '../format/content.rules.js';
import { idsOf } from '../format/validate.rules.js';

/** The school of a bundle that names none. */
const OWN_SCHOOL = 'this-school';

/** In a bundle without orgs.csv everything is of one school. @returns the schools that its rows name, as far as they differ */
export function withOwnSchool(content: Content): { content: Content; named: number } {
  const { rows } = content;
  const named = new Set(
    [
      ...rows.users.flatMap(({ row }) => idsOf(row.orgSourcedIds)),
      ...rows.roles.map(({ row }) => row.orgSourcedId),
      ...rows.classes.map(({ row }) => row.schoolSourcedId),
    ].filter((id) => id !== undefined),
  );
  const org: Numbered = { n: 1, row: { sourcedId: OWN_SCHOOL, name: 'This school', type: 'school' } };
  return { content: { ...content, rows: { ...rows, orgs: [org] } }, named: named.size };
}

/**
 * Says of everybody and everything which school it belongs to, where a bundle says it of a department, or not at all. A
 * department belongs to the school above it; in a bundle of one school all that names no other school is of that one.
 */
export function withSchools(content: Content): Content {
  const orgs = new Map(content.rows.orgs.map(({ row }) => [row.sourcedId!, row]));
  const schools = content.rows.orgs.filter(({ row }) => row.type === 'school').map(({ row }) => row.sourcedId!);
  const only = schools.length === 1 ? schools[0]! : null;
  const schoolOf = (id: string): string | null => {
    for (let [at, steps]: [string | undefined, number] = [id, 0]; at !== undefined && steps < 20; steps += 1) {
      const org = orgs.get(at);
      if (org?.type === 'school') return at;
      // What stands above schools is of no school.
      if (org && org.type !== 'department') return null;
      at = org?.parentSourcedId;
    }
    return null;
  };
  const one =
    (column: string) =>
    ({ n, row }: Numbered): Numbered => {
      const school = (row[column] === undefined ? null : schoolOf(row[column])) ?? only;
      return school === null || school === row[column] ? { n, row } : { n, row: { ...row, [column]: school } };
    };
  const several = ({ n, row }: Numbered): Numbered => {
    const found = [...new Set(idsOf(row.orgSourcedIds).flatMap((id) => schoolOf(id) ?? []))];
    const own = found.length > 0 ? found : only ? [only] : [];
    return own.length === 0 ? { n, row } : { n, row: { ...row, orgSourcedIds: own.join(',') } };
  };
  const { rows } = content;
  return {
    ...content,
    rows: {
      ...rows,
      users: content.manifest.version === '1.1' ? rows.users.map(several) : rows.users,
      roles: rows.roles.map(one('orgSourcedId')),
      classes: rows.classes.map(one('schoolSourcedId')),
    },
  };
}
