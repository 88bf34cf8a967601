import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { z } from 'zod';
import { staff } from '../../../src/modules/hr/staff/staff.record.js';
import { formOf, typed } from '../../../src/platform/records/form.js';
import { IMPORT_KINDS, type ImportKind } from '../../../src/modules/imports/index.js';
import { admissionSchema } from '../../../src/modules/students/register/adapters/student-form.js';
import { GUARDIAN_LIMITS, STUDENT_LIMITS } from '../../../src/modules/students/register/limits.rules.js';
import { CLASS_LIMITS, STREAM_LIMITS, SUBJECT_LIMITS } from '../../../src/modules/subjects/limits.rules.js';
import { snake } from '../../../src/platform/db/rows/rows.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';
import { sql } from '../../support/database/sql.js';

type Limits = Readonly<Record<string, number>>;
interface Resource {
  name: string;
  limits: Limits;
  /** Kind of the import, and the column of a field. */
  kind: string;
  column(field: string): string;
  /** Fields that only the register knows. */
  unlisted?: readonly string[];
  table: string;
  dbColumn?: Record<string, string>;
  /** Name of the schema in the API that writes it, if there is one. */
  api?: string;
  /** The page with the form, and the name of a field on it. */
  form: string;
  input?(field: string): string;
}

/** Those of a record that people fill in. */
const STAFF_LIMITS = Object.fromEntries(typed(staff).flatMap(([name, { most }]) => (most ? [[name, most]] : [])));
const under = (field: string): string => Object.keys(snake({ [field]: 1 }))[0]!;
const RESOURCES: Resource[] = [
  {
    name: 'students',
    limits: STUDENT_LIMITS,
    kind: 'students',
    column: under,
    table: 'students',
    api: 'NewStudent',
    form: '/students/new',
  },
  {
    name: 'guardians',
    limits: GUARDIAN_LIMITS,
    kind: 'students',
    table: 'students_guardians',
    form: '/students/new',
    input: (field: string) => `guardians.0.${field}`,
    column: (field) => `guardian_1_${{ fullName: 'name', nationalId: 'id_no' }[field] ?? under(field)}`,
    dbColumn: { barredReason: 'students_guardianships.barred_reason' },
  },
  {
    name: 'staff',
    limits: STAFF_LIMITS,
    kind: 'staff',
    column: (field) => field,
    table: 'hr_staff',
    api: 'NewStaff',
    form: '/hr/staff/new',
  },
  {
    name: 'subjects',
    limits: SUBJECT_LIMITS,
    kind: 'subjects',
    column: under,
    unlisted: ['nationalCode', 'choice'],
    table: 'subjects',
    form: '/subjects/new',
  },
  {
    name: 'classes',
    limits: CLASS_LIMITS,
    kind: 'classes',
    column: (field) => ({ name: 'class' })[field] ?? under(field),
    unlisted: ['shortName'],
    table: 'subjects_classes',
    form: '/subjects/classes/new',
  },
  {
    name: 'streams',
    limits: STREAM_LIMITS,
    kind: 'classes',
    column: (field) => ({ name: 'stream' })[field] ?? field,
    table: 'subjects_streams',
    form: '',
  },
];
/** What is written with letters and digits only. */
const CODES = new Set(['admissionNo', 'paymentNo', 'birthCertificateNo', 'staffNo', 'code']);

describe('form, sheet, API and table hold to the same limits', () => {
  let school: SchoolUnderTest;
  let head: Browser;
  let openapi: {
    components: {
      schemas: Record<string, { properties: Record<string, { maxLength?: number; anyOf?: { maxLength?: number }[] }> }>;
    };
  };
  before(async () => {
    school = await aSchool();
    head = await school.as('head', 'administrator', 'hr-officer');
    openapi = JSON.parse((await head.get('/api/openapi.json')).html) as typeof openapi;
  });
  after(() => school?.stop());

  const kindOf = (key: string): ImportKind => school.app.container.getAll(IMPORT_KINDS).find((one) => one.key === key)!;
  const filled = (field: string, length: number): string =>
    field === 'email' ? `${'a'.repeat(length - 12)}@example.org` : CODES.has(field) ? 'A'.repeat(length) : 'a'.repeat(length);

  for (const {
    name,
    limits,
    kind,
    column,
    unlisted = [],
    table,
    dbColumn = {},
    api,
    form,
    input = (field: string) => field,
  } of RESOURCES) {
    it(`for ${name}`, async () => {
      const columns = new Set((await school.run(() => kindOf(kind).columns())).map((one) => one.key));
      const page = form ? (await head.get(form)).html : '';
      for (const [field, most] of Object.entries(limits)) {
        if (!unlisted.includes(field)) {
          assert.ok(columns.has(column(field)), `${name}.${field} has a column in the sheet`);
          const tooLong = async (length: number): Promise<boolean> => {
            const values = {
              [column(field)]: filled(field, length),
              ...(name === 'guardians' && field !== 'fullName' && { guardian_1_name: 'Mary Otieno' }),
            };
            const run = await kindOf(kind).open({
              importId: 'x',
              actor: school.office,
              mode: 'both',
              today: '2026-06-01',
              country: 'KE',
              currency: 'KES',
              headings: new Map(Object.keys(values).map((key) => [key, key])),
              leftOut: [],
              answers: {},
            });
            const [checked] = await run.check([{ n: 1, values }]);
            return checked!.remarks.some(
              (remark) =>
                remark.column === column(field) && remark.severity === 'error' && /too long|at most|3 to 30/.test(remark.text),
            );
          };
          assert.deepEqual(
            await school.run(async () => [await tooLong(most), await tooLong(most + 1)]),
            [false, true],
            `${name}.${field} in the sheet`,
          );
        }
        const box = new RegExp(`<(?:input|textarea)[^>]*name="${input(field).replaceAll('.', '\\.')}"[^>]*>`).exec(page)?.[0];
        const shown = /maxlength="(\d+)"/.exec(box ?? '')?.[1];
        if (shown) assert.equal(Number(shown), most, `${name}.${field} on the form`);
        if (api) {
          const said = openapi.components.schemas[api]!.properties[under(field)];
          if (said)
            assert.equal(
              said.maxLength ?? said.anyOf?.find((one) => one.maxLength)?.maxLength,
              most,
              `${name}.${field} in the API`,
            );
        }
        const [own, attribute] = (dbColumn[field] ?? `${table}.${under(field)}`).split('.');
        const [type] = await sql(
          school.database,
          'select format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = $1::regclass and attname = $2',
          [own, attribute],
        );
        assert.equal(type?.type, 'text', `${name}.${field} has room in its table`);
      }
    });
  }

  it('and forms refuse what sheets refuse', () => {
    const student = admissionSchema('KE', []).shape;
    const staffForm = (formOf(staff, 'KE') as unknown as z.ZodObject).shape;
    for (const [shape, limits] of [
      [student, STUDENT_LIMITS],
      [staffForm, STAFF_LIMITS],
    ] as const) {
      for (const [field, most] of Object.entries(limits)) {
        const schema = (shape as Record<string, { safeParse(value: unknown): { success: boolean } }>)[field];
        if (!schema) continue;
        assert.deepEqual(
          [most, most + 1].map((length) => schema.safeParse(filled(field, length)).success),
          [true, false],
          field,
        );
      }
    }
  });

  it('the API has every field of a child that the form has, faith and orphan status only for those who may change it', async () => {
    const fields = ['religion', 'home_area', 'first_language', 'orphan_status', 'address', 'previous_school', 'preferred_name'];
    for (const schema of ['NewStudent', 'StudentChange', 'StudentWithFamily'])
      for (const field of fields) assert.ok(openapi.components.schemas[schema]!.properties[field], `${schema}.${field}`);
  });
});
