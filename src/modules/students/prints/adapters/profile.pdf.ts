import { report, type PrintContext, type ReportKit, type Row } from '../../../../platform/pdf/kit.js';
import { BAD, INK_2, INK_3 } from '../../../../platform/pdf/units.js';
import { drawing } from '../../../../platform/pdf/worker.js';
import type { Sex } from '../../register/student.rules.js';

/** Everything is printed as it is given; days are `YYYY-MM-DD`. */
export interface ProfileGuardian {
  name: string;
  relationship: string;
  phones: readonly string[];
  email?: string | null;
  /** `Lives with`, `Pays fees` … */
  tags: readonly string[];
  barred: boolean;
}

export interface ProfileEnrolment {
  year: string;
  className: string;
  enteredOn: string;
  entryReason: string;
  leftOn?: string | null;
  exitReason?: string | null;
}

export interface ProfileConsent {
  purpose: string;
  given: boolean;
  onDay: string;
  by?: string | null;
}

export interface Profile {
  context: PrintContext;
  surname: string;
  otherNames: string;
  admissionNo: string;
  sex: Sex;
  bornOn?: string | null;
  /** Whole years on the day of printing. */
  age?: number | null;
  className: string;
  /** `Active` */
  status: string;
  photo?: Uint8Array | null;
  alert?: string | null;
  /** The rest of the identity in order of reading; what is empty is left out. */
  facts: readonly { label: string; value: string | null }[];
  guardians: readonly ProfileGuardian[];
  enrolments: readonly ProfileEnrolment[];
  consents: readonly ProfileConsent[];
  checkUrl?: string;
}

/** All that the register holds on one child, to hand to a family that asks for it or to a new school. */
export async function profile(data: Profile): Promise<Buffer> {
  const title = `${data.otherNames} ${data.surname}`;
  const subtitle = [data.admissionNo, data.className].filter(Boolean).join(' · ');
  return report({ context: data.context, title, subtitle, page: 'A4', checkUrl: data.checkUrl }, (kit) => {
    drawIdentity(kit, data);
    drawGuardians(kit, data.guardians);
    drawEnrolments(kit, data.enrolments);
    drawConsents(kit, data.consents);
  });
}

function drawIdentity(kit: ReportKit, data: Profile): void {
  const { t, words, pen } = kit;
  const photo = { x: kit.x + kit.width - 28, y: kit.y, width: 28, height: 35 };
  pen.structure.mark('Figure', () => pen.photo(data.photo, photo, kit.letterhead.colours, data.sex), {
    alt: `${data.otherNames} ${data.surname}`,
  });
  if (data.alert) {
    const width = kit.width - photo.width - 12;
    const set = pen.set(data.alert, { width, size: 10, face: 'strong', colour: BAD });
    pen.fill({ x: kit.x, y: kit.y, width: 0.8, height: set.height + 1 }, BAD);
    pen.place(set, { x: kit.x + 3, y: kit.y + 0.5, width });
    kit.y += set.height + 4;
  }
  const born = data.bornOn ? words.date(data.bornOn) : '';
  const age = data.age == null ? '' : t('{{n}} years', { n: data.age });
  const rows: [string, string][] = [
    [t('Status'), data.status],
    [t('Sex'), data.sex === 'F' ? t('Female') : t('Male')],
    [t('Date of birth'), [born, age].filter(Boolean).join(', ')],
    ...data.facts.map(({ label, value }): [string, string] => [label, value ?? '']),
  ];
  const known = rows.filter(([, value]) => value !== '');
  const beside = known.slice(0, 6);
  kit.keyValues(beside, { width: kit.width - photo.width - 8 });
  kit.y = Math.max(kit.y, photo.y + photo.height + 2);
  if (known.length > beside.length) kit.keyValues(known.slice(6), { columns: 2 });
  kit.space(3);
}

function drawGuardians(kit: ReportKit, guardians: readonly ProfileGuardian[]): void {
  const { t } = kit;
  kit.heading(t('Guardians'), t('{{n}} in the register', { n: guardians.length }));
  kit.table({
    columns: [
      { head: t('Name'), grow: 5 },
      { head: t('Relationship to the child'), grow: 2.4 },
      { head: t('Phone and email'), grow: 5.4 },
      { head: t('Rights and duties'), grow: 4.6 },
    ],
    rows: guardians.map((one): Row => {
      const reach = [...one.phones.map((phone) => phone.replace(/ /g, '\u00a0')), one.email ?? ''].filter(Boolean).join('\n');
      const tags = one.barred
        ? [{ text: t('May not see or collect the child'), face: 'strong' as const, colour: BAD }]
        : one.tags.join(', ');
      return { cells: [[{ text: one.name, face: 'strong' }], one.relationship, reach, tags] };
    }),
    empty: t('No guardian in the register.'),
  });
}

function drawEnrolments(kit: ReportKit, enrolments: readonly ProfileEnrolment[]): void {
  const { t, words } = kit;
  kit.heading(t('Enrolment'));
  kit.table({
    columns: [
      { head: t('Year'), width: 20 },
      { head: t('Class'), grow: 1 },
      { head: t('From'), width: 24 },
      { head: t('Entry'), grow: 1.3 },
      { head: t('To'), width: 24 },
      { head: t('Exit'), grow: 1.3 },
    ],
    rows: enrolments.map((one): Row => {
      const left = one.leftOn ? words.date(one.leftOn) : '';
      return { cells: [one.year, one.className, words.date(one.enteredOn), one.entryReason, left, one.exitReason ?? ''] };
    }),
    empty: t('Not enrolled in a class yet.'),
  });
}

function drawConsents(kit: ReportKit, consents: readonly ProfileConsent[]): void {
  const { t, words } = kit;
  kit.heading(t('Consents'));
  kit.table({
    columns: [
      { head: t('Purpose'), grow: 3 },
      { head: t('Answer'), width: 26 },
      { head: t('On'), width: 26 },
      { head: t('By'), grow: 2 },
    ],
    rows: consents.map((one): Row => {
      const answer = one.given ? t('Given') : t('Refused');
      return {
        cells: [
          one.purpose,
          [{ text: answer, face: 'strong', colour: one.given ? INK_2 : BAD }],
          words.date(one.onDay),
          [{ text: one.by ?? '', colour: INK_3 }],
        ],
      };
    }),
    empty: t('No one has been asked yet.'),
  });
}

export const profileDrawing = drawing(import.meta.url, { profile });
