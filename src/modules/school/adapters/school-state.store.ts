import { query } from '../../../platform/db/index.js';
import type { AcademicYear } from '../../../kernel/school-calendar.js';
import type { DayType, SpecialDay } from '../calendar/calendar.rules.js';
import type { ListItem } from '../profile/lists.rules.js';
import type { PackId } from '../../../kernel/packs/types.js';
import type { GradingScale } from '../profile/scale.rules.js';
import type { SchoolAsset, SchoolState, SchoolType } from '../profile/school.rules.js';
import type { SetupStep } from '../setup/setup.rules.js';

interface StateRow {
  id: string;
  name: string;
  short_name: string;
  motto: string;
  type: SchoolType;
  code: string;
  address: string;
  town: string;
  region: string;
  country: string;
  phones: string[];
  email: string;
  website: string;
  currency: string;
  zone: string;
  language: string;
  pack_id: PackId;
  stages: string[];
  number_prefix: string;
  admission_pattern: string;
  staff_pattern: string;
  first_colour: string;
  second_colour: string;
  theme_css: string;
  theme_hash: string;
  modules_off: string[];
  setup_done: SetupStep[];
  setup_finished_at: Date | null;
  expected_learners: number | null;
  years: AcademicYear[];
  day_types: DayType[];
  days: SpecialDay[];
  lists: ListItem[];
  scales: GradingScale[];
  assets: (Omit<SchoolAsset, 'createdAt'> & { createdAt: string })[];
}

const list = (select: string, order: string, from: string) =>
  `(select coalesce(json_agg(json_build_object(${select}) order by ${order}), '[]') from ${from})`;

const TERMS = list(
  `'id', t.id, 'name', t.name, 'startsOn', t.starts_on, 'endsOn', t.ends_on`,
  't.starts_on',
  'school_terms t where t.year_id = y.id',
);
const BANDS = list(
  `'grade', b.grade, 'lowest', b.lowest, 'points', b.points, 'words', b.words`,
  'b.lowest desc',
  'school_scale_bands b where b.scale_id = c.id',
);

/** Everything in one statement: it is read once and then kept in memory. */
const STATE = `select s.*,
  ${list(`'id', y.id, 'name', y.name, 'startsOn', y.starts_on, 'endsOn', y.ends_on, 'terms', ${TERMS}`, 'y.starts_on', 'school_years y')} as years,
  ${list(`'id', k.id, 'name', k.name, 'kind', k.kind, 'active', k.active`, 'k.id', 'school_day_types k')} as day_types,
  ${list(`'id', d.id, 'dayTypeId', d.day_type_id, 'startsOn', d.starts_on, 'endsOn', d.ends_on, 'note', d.note`, 'd.starts_on', 'school_days d')} as days,
  ${list(`'id', l.id, 'kind', l.kind, 'name', l.name, 'position', l.position, 'capacity', l.capacity, 'note', l.note, 'active', l.active`, 'l.kind, l.position, l.name_folded', 'school_lists l')} as lists,
  ${list(`'id', c.id, 'name', c.name, 'basis', c.basis, 'national', c.national, 'packScale', c.pack_scale, 'bands', ${BANDS}`, 'c.id', 'school_scales c')} as scales,
  ${list(`'id', a.id, 'kind', a.kind, 'version', a.version, 'signatory', a.signatory, 'title', a.title, 'fileId', a.file_id, 'current', a.current, 'createdAt', a.created_at`, 'a.kind, a.signatory, a.version desc', 'school_assets a')} as assets
from school s`;

export async function readState(): Promise<SchoolState | null> {
  const [row] = await query<StateRow>('school.state', STATE);
  return row ? toState(row) : null;
}

function toState(row: StateRow): SchoolState {
  return {
    profile: {
      id: row.id,
      name: row.name,
      shortName: row.short_name,
      motto: row.motto,
      type: row.type,
      code: row.code,
      address: row.address,
      town: row.town,
      region: row.region,
      country: row.country,
      phones: row.phones,
      email: row.email,
      website: row.website,
      currency: row.currency,
      zone: row.zone,
      language: row.language,
      packId: row.pack_id,
      stages: row.stages,
    },
    brand: { firstColour: row.first_colour, secondColour: row.second_colour, themeCss: row.theme_css, themeHash: row.theme_hash },
    numbers: { prefix: row.number_prefix, admission: row.admission_pattern, staff: row.staff_pattern },
    off: row.modules_off,
    setup: { done: row.setup_done, finishedAt: row.setup_finished_at, expectedLearners: row.expected_learners },
    years: row.years,
    dayTypes: row.day_types,
    specialDays: row.days,
    lists: row.lists,
    scales: row.scales,
    assets: row.assets.map((asset) => ({ ...asset, createdAt: new Date(asset.createdAt) })),
  };
}
