import { reports, type PrintContext, type ReportKit, type Words } from '../../../../platform/pdf/kit.js';
import { INK_2, INK_3 } from '../../../../platform/pdf/units.js';
import { drawing } from '../../../../platform/pdf/worker.js';
import type { Sex } from '../../register/student.rules.js';

/** A child who leaves, as letters speak of them. Days are `YYYY-MM-DD`. */
export interface LetterStudent {
  surname: string;
  otherNames: string;
  admissionNo: string;
  sex: Sex;
  bornOn?: string | null;
  /** National and examination numbers: `UPI` `B7K2M`. */
  identifiers?: readonly { label: string; value: string }[];
  joinedOn?: string | null;
  joinedClass?: string | null;
  /** Null as long as the child is still here. */
  leftOn: string | null;
  leftClass: string;
}

export interface Letter {
  kind: 'transfer' | 'leaving';
  /** `TL/2026/0042` */
  reference: string;
  issuedOn: string;
  /** A line each; the usual salutation is used where there is none. */
  addressee?: readonly string[];
  student: LetterStudent;
  /** In words, as it stands in the sentence after a colon. */
  reason?: string | null;
  /** `Grade 8` */
  completedClass?: string | null;
  conduct?: string | null;
  /** `Fees are cleared.` or `KES 4,500 is owing.` */
  feesLine?: string | null;
  remarks?: string | null;
  /** The school's own words instead of ours, with `{{name}}`, `{{admissionNo}}` … of `mergeFields`. */
  paragraphs?: readonly string[];
  /** The public page that says what is genuine, in the code and at the foot. */
  checkUrl: string;
  /** Printed again later: the paper says so. */
  copy?: boolean;
  /** Since when it no longer holds, because the leaving was taken back. */
  withdrawnOn?: string | null;
}

export interface Letters {
  context: PrintContext;
  letters: readonly Letter[];
}

/** Transfer and leaving letters, one after the other in one file; each is a sheet of its own. */
export async function letters(data: Letters): Promise<Buffer> {
  const { context } = data;
  return reports(
    { context, title: ({ t }) => t('Letters'), page: 'A4', heading: 'letterhead' },
    data.letters,
    (letter, { t, dateLong }) => ({
      title: letter.kind === 'transfer' ? t('Transfer letter') : t('Leaving certificate'),
      subtitle: [dateLong(letter.issuedOn), letter.copy ? t('Copy') : '', letter.withdrawnOn ? t('Withdrawn by the school') : '']
        .filter(Boolean)
        .join(' · '),
      checkUrl: letter.checkUrl,
    }),
    drawLetter,
  );
}

function drawLetter(kit: ReportKit, letter: Letter): void {
  const { t } = kit;
  kit.space(2);
  kit.paragraph(t('Our reference: {{reference}}', { reference: letter.reference }), { size: 9, colour: INK_2, gap: 5 });
  if (letter.copy)
    kit.paragraph(t('Copy of the letter issued on {{day}}', { day: kit.words.dateLong(letter.issuedOn) }), {
      size: 9,
      face: 'strong',
      gap: 5,
    });
  if (letter.withdrawnOn)
    kit.paragraph(t('Withdrawn on {{day}}. This letter is no longer valid.', { day: kit.words.dateLong(letter.withdrawnOn) }), {
      size: 12,
      face: 'strong',
      gap: 5,
    });
  if (letter.addressee?.length) kit.paragraph(letter.addressee.join('\n'), { gap: 5 });
  kit.paragraph(letter.kind === 'transfer' ? t('Dear Head Teacher,') : t('To whom it may concern'), { gap: 4 });
  kit.paragraph(subject(letter, t), { size: 12, face: 'strong', gap: 4 });
  for (const text of body(letter, kit.words)) kit.paragraph(text, { gap: 4 });
  kit.space(1);
  kit.keyValues(facts(letter, kit.words), { labelWidth: 52 });
  if (letter.remarks) kit.paragraph(letter.remarks, { gap: 4 });
  drawEnd(kit, letter);
}

/** Signature, stamp and code stay on one page. */
function drawEnd(kit: ReportKit, letter: Letter): void {
  const { t, letterhead } = kit;
  kit.room(58);
  kit.space(4);
  kit.paragraph(t('Yours faithfully,'), { gap: 4 });
  const top = kit.y;
  kit.signature(letterhead.signature ?? { name: '', title: t('Head teacher') }, { stamp: letterhead.stamp });
  const size = 26;
  const x = kit.x + kit.width - size;
  kit.pen.qr(letter.checkUrl, x, top, size);
  kit.pen.text(t('Scan to check that this letter is genuine'), {
    x: x - 30,
    y: top + size + 1,
    width: size + 30,
    size: 7,
    colour: INK_3,
    align: 'right',
    lines: 2,
  });
}

function subject(letter: Letter, t: Words['t']): string {
  const name = fullName(letter.student);
  return letter.kind === 'transfer' ? t('Transfer of {{name}}', { name }) : t('School leaving certificate of {{name}}', { name });
}

/** What a letter's text may name. */
export function mergeFields(letter: Letter, { dateLong }: Pick<Words, 'dateLong'>): Record<string, string> {
  const { student } = letter;
  const day = (text: string | null | undefined) => (text ? dateLong(text) : '');
  return {
    name: fullName(student),
    surname: student.surname,
    otherNames: student.otherNames,
    admissionNo: student.admissionNo,
    class: student.leftClass,
    joinedClass: student.joinedClass ?? '',
    joinedOn: day(student.joinedOn),
    leftOn: day(student.leftOn),
    bornOn: day(student.bornOn),
    reason: letter.reason ?? '',
    conduct: letter.conduct ?? '',
    completedClass: letter.completedClass ?? '',
    reference: letter.reference,
  };
}

function body(letter: Letter, words: Words): string[] {
  const { t } = words;
  const fields = mergeFields(letter, words);
  if (letter.paragraphs?.length) {
    return letter.paragraphs.map((text) => text.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, key: string) => fields[key] ?? ''));
  }
  const since = letter.student.joinedOn ? fields.joinedOn! : null;
  if (letter.kind === 'transfer' && letter.student.leftOn === null) {
    return [
      since
        ? t('{{name}} has been a student of this school since {{since}} and is now in {{class}}.', {
            name: fields.name!,
            since,
            class: fields.class!,
          })
        : t('{{name}} is a student of this school, now in {{class}}.', { name: fields.name!, class: fields.class! }),
      t(
        'The family has asked to move the student to another school. We have no objection and ask you to give the student every assistance. The details below are taken from our register.',
      ),
    ];
  }
  if (letter.kind === 'transfer') {
    return [
      since
        ? t('{{name}} has been a student of this school since {{since}} and leaves from {{class}} on {{until}}.', {
            name: fields.name!,
            since,
            until: fields.leftOn!,
            class: fields.class!,
          })
        : t('{{name}} leaves this school from {{class}} on {{until}}.', {
            name: fields.name!,
            until: fields.leftOn!,
            class: fields.class!,
          }),
      letter.reason ? t('Reason for the transfer: {{reason}}.', { reason: withoutStop(letter.reason) }) : '',
      t(
        'We have no objection to the transfer and ask you to give the student every assistance. The details below are taken from our register.',
      ),
    ].filter(Boolean);
  }
  return [
    since
      ? t('This is to certify that {{name}} was a student of this school from {{since}} to {{until}}.', {
          name: fields.name!,
          since,
          until: fields.leftOn!,
        })
      : t('This is to certify that {{name}} was a student of this school until {{until}}.', {
          name: fields.name!,
          until: fields.leftOn!,
        }),
    letter.completedClass ? t('The student has completed {{class}}.', { class: letter.completedClass }) : '',
    letter.conduct ? t('Conduct: {{conduct}}.', { conduct: withoutStop(letter.conduct) }) : '',
    t('This certificate is issued without any alteration or erasure. The details below are taken from our register.'),
  ].filter(Boolean);
}

function facts(letter: Letter, { t, dateLong }: Words): [string, string][] {
  const { student } = letter;
  const joined = [student.joinedOn ? dateLong(student.joinedOn) : '', student.joinedClass ?? ''].filter(Boolean).join(', ');
  const rows: [string, string][] = [
    [t('Name'), fullName(student)],
    [t('Admission number'), student.admissionNo],
    ...(student.identifiers ?? []).map(({ label, value }): [string, string] => [label, value]),
    [t('Sex'), student.sex === 'F' ? t('Female') : t('Male')],
    [t('Date of birth'), student.bornOn ? dateLong(student.bornOn) : ''],
    [t('Joined'), joined],
    student.leftOn ? [t('Left'), `${dateLong(student.leftOn)}, ${student.leftClass}`] : [t('Class'), student.leftClass],
    [t('Conduct'), letter.kind === 'transfer' ? (letter.conduct ?? '') : ''],
    [t('Fees'), letter.feesLine ?? ''],
  ];
  return rows.filter(([, value]) => value !== '');
}

function fullName(student: LetterStudent): string {
  return `${student.otherNames} ${student.surname}`;
}

function withoutStop(text: string): string {
  return text.trim().replace(/\.+$/, '');
}

export const lettersDrawing = drawing(import.meta.url, { letters });
