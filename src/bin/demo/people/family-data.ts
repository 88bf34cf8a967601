import type { App } from '../../../app.js';
import type { Actor } from '../../../kernel/actor.js';
import { addDays } from '../../../kernel/clock.js';
import { SCHOOL } from '../../../modules/school/index.js';
import { STUDENTS, type GuardianBrief } from '../../../modules/students/index.js';
import {
  Alerts,
  CustomFields,
  HeldDocuments,
  Register,
  seenValue,
  STUDENT_STORE,
  UPDATE_STORE,
  UpdateLinks,
  UpdateRequests,
  USUAL_KINDS,
  type AlertKind,
  type AlertLevel,
  type ConcernKind,
  type DocumentType,
  type FieldDetails,
  type Fields,
} from '../../../modules/students/operations.js';
import type { Get } from '../../../platform/module.js';
import { inLanes } from '../lanes.js';
import { specimen } from '../money/papers.js';
import type { DemoPlan } from '../money/plans.js';
import { Random } from '../random.js';
import type { Registered } from './register-builder.js';

type Field = Omit<FieldDetails, 'position' | 'active' | 'required' | 'choices' | 'visibleTo' | 'editableBy'> &
  Partial<FieldDetails>;

const FIELDS: readonly Field[] = [
  {
    label: 'Uniform size',
    hint: 'As the tailor writes it',
    type: 'choice',
    section: 'student',
    choices: ['XS', 'S', 'M', 'L', 'XL'],
  },
  {
    label: 'May swim',
    hint: 'With the class, at the town pool',
    type: 'flag',
    section: 'background',
    editableBy: ['guardian', 'registrar', 'class-teacher'],
  },
  {
    label: 'Health insurance number',
    hint: '',
    type: 'text',
    section: 'background',
    editableBy: ['guardian', 'registrar', 'nurse'],
  },
  {
    label: 'Sponsor',
    hint: 'Who pays, where it is not the family',
    type: 'text',
    section: 'background',
    visibleTo: ['head', 'registrar', 'bursar'],
    editableBy: ['registrar', 'bursar'],
  },
  { label: 'Laptop lent on', hint: '', type: 'date', section: 'student', editableBy: ['registrar'], active: false },
];

const MEDICAL: readonly { level: AlertLevel; reason: string }[] = [
  { level: 'high', reason: 'Carries an adrenaline pen for bee stings' },
  { level: 'medium', reason: 'Asthma: the inhaler is with the class teacher' },
  { level: 'low', reason: 'Glasses needed for the board' },
];
const OTHERS: readonly { kind: AlertKind; level: AlertLevel; reason: string; days: number | null }[] = [
  { kind: 'behaviour', level: 'medium', reason: 'On a behaviour contract with the deputy head', days: 30 },
  { kind: 'academic', level: 'low', reason: 'Extra reading on Tuesdays', days: null },
];
const CONCERNS: Record<ConcernKind, readonly string[]> = {
  behaviour: ['Late after break', 'Left the class without asking', 'Shouting in the library', 'Late after lunch'],
  academic: ['Homework missing for the third time', 'Fell asleep in class', 'Did not hand in the project'],
};
const SPONSORS = ['St. Mary’s parish', 'County bursary fund', 'Rotary Club', 'An aunt abroad'];

/** What families and the office keep beside the register: own fields, papers, alerts, and families who have looked over their data. */
export async function fillFamilyData(app: App, actor: Actor, plan: DemoPlan, registered: readonly Registered[]): Promise<void> {
  const random = new Random(plan.seed + 20_261_125);
  const here = random.shuffled(registered.filter(({ child }) => child.exit === null && !child.suspended));
  const today = await app.container.get(SCHOOL).today();
  const get = app.container.get.bind(app.container);
  await ownFields(app, get, actor, random, here.slice(0, Math.ceil(here.length / 6)));
  await papers(get, actor, random, here.slice(0, Math.ceil(here.length / 15)), today);
  await alerts(get, actor, random, here.slice(-40), today);
  await updates(get, actor, plan, random, here);
}

async function ownFields(app: App, get: Get, actor: Actor, random: Random, some: readonly Registered[]): Promise<void> {
  const made = new Map<string, string>();
  for (const [index, field] of FIELDS.entries()) {
    const { key, label } = await get(CustomFields).add(actor, {
      required: false,
      choices: [],
      visibleTo: [],
      editableBy: [],
      active: true,
      ...field,
      position: index + 1,
    });
    made.set(label, key);
  }
  const key = (label: string): string => made.get(label)!;
  const wanted = some.map(({ id }) => ({
    id,
    values: {
      [key('Uniform size')]: random.pick(FIELDS[0]!.choices!),
      [key('May swim')]: random.chance(0.8),
      ...(random.chance(0.5) && { [key('Health insurance number')]: `HI-${random.whole(100_000, 999_999)}` }),
      ...(random.chance(0.15) && { [key('Sponsor')]: random.pick(SPONSORS) }),
    },
  }));
  await inLanes(app, wanted, ({ id, values }) =>
    app.run(async () => {
      const before = await get(STUDENT_STORE).find(id);
      await get(Register).change(actor, id, before!.version, {}, undefined, { values, whole: false });
    }),
  );
}

/** Most have handed in what is wanted; one visa is over, one ends soon, one is good. */
async function papers(get: Get, actor: Actor, random: Random, some: readonly Registered[], today: string): Promise<void> {
  const held = get(HeldDocuments);
  const kinds: DocumentType[] = [];
  for (const [index, kind] of USUAL_KINDS.entries())
    kinds.push(await held.saveKind(actor, null, 1, { ...kind, position: index + 1, active: true }));
  const visa = kinds.find((kind) => kind.expires)!;
  const wanted = kinds.filter((kind) => kind.required);
  const visas = [-20, 30, 400].map((days) => addDays(today, days));
  for (const [at, { id, child, number }] of some.entries()) {
    const person = { name: [child.firstName, child.middleName, child.surname].filter(Boolean).join(' '), bornOn: child.bornOn };
    const hand = async (kind: DocumentType, expiresOn: string | null, note: string | null): Promise<void> => {
      const file = await specimen(kind.name, person, [
        `Born on ${child.bornOn}`,
        `Admission number ${number}`,
        ...(expiresOn ? [`Good until ${expiresOn}`] : []),
      ]);
      await held.hand(actor, id, file, { kindId: kind.id, expiresOn, note, name: `${kind.name}.pdf` });
    };
    for (const kind of wanted)
      if (random.chance(0.8)) await hand(kind, null, random.chance(0.2) ? 'A copy; the office has seen the original' : null);
    if (at < visas.length) await hand(visa, visas[at]!, null);
  }
}

async function alerts(get: Get, actor: Actor, random: Random, some: readonly Registered[], today: string): Promise<void> {
  const use = get(Alerts);
  const [medical, others, watched] = [
    some.slice(0, MEDICAL.length),
    some.slice(MEDICAL.length, MEDICAL.length + OTHERS.length),
    some.slice(10, 12),
  ];
  for (const [at, one] of MEDICAL.entries()) await use.raise(actor, medical[at]!.id, { kind: 'medical', untilOn: null, ...one });
  for (const [at, { days, ...one }] of OTHERS.entries())
    await use.raise(actor, others[at]!.id, { ...one, untilOn: days === null ? null : addDays(today, days) });
  for (const [at, kind] of (['behaviour', 'academic'] as const).entries()) {
    for (const text of CONCERNS[kind])
      await use.addConcern(actor, watched[at]!.id, { kind, text, onDay: addDays(today, -random.whole(1, 30)) });
  }
}

/** One family waits for the office with several changes, one was taken over, one found everything right. */
async function updates(get: Get, actor: Actor, plan: DemoPlan, random: Random, here: readonly Registered[]): Promise<void> {
  const families = await someFamilies(get, actor, here, 3);
  const phone = (): string => `${plan.country.phoneBlock}${String(random.whole(99_000, 99_999))}`;
  const address = (): string => `House ${random.whole(2, 90)}, ${random.pick(plan.country.streets)}`;
  for (const [at, { child, guardian }] of families.entries()) {
    // Each by the letter that an office would have printed for the family.
    const [letter] = await get(UpdateLinks).letters(actor, { before: null, streamId: null, guardianId: guardian.id });
    const token = letter!.url.split('/').at(-1)!;
    const written: { guardian: Fields; fields: Fields } = [
      {
        guardian: { phone: phone(), occupation: random.pick(plan.country.occupations), address: address() },
        fields: {
          address: address(),
          homeArea: random.pick(plan.country.communities[0]!.homeAreas),
          specialNeeds: 'Allergic to groundnuts',
        },
      },
      { guardian: { otherPhone: phone() }, fields: {} },
      { guardian: {}, fields: {} },
    ][at]!;
    await get(UpdateLinks).submit(
      token,
      { bornOn: child.child.bornOn, digits: null },
      { guardian: written.guardian, children: [{ id: child.id, fields: written.fields, consents: {} }] },
    );
    if (at === 1) await takeOver(get, actor);
  }
}

/** The office takes over all that the last family has sent. */
async function takeOver(get: Get, actor: Actor): Promise<void> {
  const { rows } = await get(UPDATE_STORE).requests('open', null, 1);
  const { id, changes } = await get(UpdateRequests).show(actor, rows[0]!.id);
  await get(UpdateRequests).decide(
    actor,
    id,
    [...changes.keys()],
    new Map(changes.map((change, at) => [at, seenValue(change.current)])),
    null,
  );
}

async function someFamilies(
  get: Get,
  actor: Actor,
  here: readonly Registered[],
  count: number,
): Promise<{ child: Registered; guardian: GuardianBrief }[]> {
  const families: { child: Registered; guardian: GuardianBrief }[] = [];
  const candidates = here.slice(0, 60);
  const guardians = await get(STUDENTS).guardiansOf(
    actor,
    candidates.map((one) => one.id),
  );
  const seen = new Set<string>();
  for (const child of candidates) {
    const guardian = guardians.get(child.id)?.find((one) => !one.barred);
    if (!guardian || seen.has(guardian.id)) continue;
    seen.add(guardian.id);
    families.push({ child, guardian });
    if (families.length === count) break;
  }
  return families;
}
