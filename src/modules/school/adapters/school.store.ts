import { createHash } from 'node:crypto';
import type { Model, ModelClass, PartialModelObject } from 'objection';
import { Conflict } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import { fold } from '../../../kernel/people/names.js';
import type { AcademicYear } from '../../../kernel/school-calendar.js';
import { Cached, changed, db, query } from '../../../platform/db/index.js';
import type { DayType, SpecialDay } from '../calendar/calendar.rules.js';
import type { ListItem } from '../profile/lists.rules.js';
import type { GradingScale } from '../profile/scale.rules.js';
import type { NumberSettings, SchoolAsset, SchoolProfile, SchoolState } from '../profile/school.rules.js';
import type { SetupStep } from '../setup/setup.rules.js';
import type { NewBrand, NewSchool, SchoolStore } from '../ports.js';
import type { SchoolRow } from './models.store.js';
import { readState } from './school-state.store.js';

const models = () => import('./models.store.js');
type Table = 'YearRow' | 'TermRow' | 'DayTypeRow' | 'DayRow' | 'ListRow' | 'ScaleRow';

const CACHE = 'school.state';

export class PgSchoolStore implements SchoolStore {
  private readonly cached = new Cached(CACHE, readState);

  state(): Promise<SchoolState | null> {
    return this.cached.get();
  }

  async lock(): Promise<SchoolState | null> {
    await query('school.lock', 'select id from school for update');
    return readState();
  }

  async create({ profile, brand, numbers, dayTypes, scales, expectedLearners }: NewSchool): Promise<void> {
    const [own] = await query<{ id: string }>('school.own-id', 'select app.current_school() as id');
    const row = { ...profile, id: own!.id, phones: [...profile.phones], stages: [...profile.stages], expectedLearners };
    await (await models()).SchoolRow.query(db()).insert({ ...row, ...brandColumns(brand), ...numberColumns(numbers) });
    for (const type of dayTypes) await (await models()).DayTypeRow.query(db()).insert({ ...type });
    for (const scale of scales) await this.writeScale(scale);
    await changed(CACHE);
  }

  async saveProfile({ id: _tenant, ...profile }: SchoolProfile): Promise<void> {
    await this.patchSchool({ ...profile, phones: [...profile.phones], stages: [...profile.stages] });
  }

  saveBrand(brand: NewBrand): Promise<void> {
    return this.patchSchool(brandColumns(brand));
  }

  saveNumbers(numbers: NumberSettings): Promise<void> {
    return this.patchSchool(numberColumns(numbers));
  }

  saveOff(modules: readonly string[]): Promise<void> {
    return this.patchSchool({ modulesOff: [...modules] });
  }

  saveSetup(done: readonly SetupStep[], finishedAt: Date | null): Promise<void> {
    return this.patchSchool({ setupDone: [...done], setupFinishedAt: finishedAt });
  }

  /** Kept terms move out of the way first: two that change places must not meet in the unique index. */
  async saveYear({ id, name, startsOn, endsOn, terms }: AcademicYear): Promise<void> {
    const year = { id, name, startsOn, endsOn };
    await save('YearRow', year);
    await (
      await models()
    ).TermRow.query(db())
      .delete()
      .where({ year_id: id })
      .whereNotIn(
        'id',
        terms.map((term) => term.id),
      );
    await query(
      'school.terms-aside',
      `update school_terms set name = id::text, starts_on = starts_on - 100000, ends_on = ends_on - 100000 where year_id = $1`,
      [id],
    );
    const rows = terms.map((term) => ({ ...term, yearId: id }));
    for (const row of rows) await save('TermRow', row);
    await changed(CACHE);
  }

  removeYear(id: string): Promise<void> {
    return this.remove('YearRow', id, 'Students or other records belong to this year, so it can’t be removed.');
  }

  async saveDayType(type: DayType): Promise<void> {
    await save('DayTypeRow', { ...type });
    await changed(CACHE);
  }

  async saveSpecialDay(day: SpecialDay): Promise<void> {
    await save('DayRow', { ...day });
    await changed(CACHE);
  }

  removeSpecialDay(id: string): Promise<void> {
    return this.remove('DayRow', id, 'This day is still used elsewhere, so it can’t be removed.');
  }

  async saveListItem(item: ListItem): Promise<void> {
    const row = { ...item, nameFolded: fold(item.name) };
    await save('ListRow', row);
    await changed(CACHE);
  }

  removeListItem(id: string): Promise<void> {
    return this.remove(
      'ListRow',
      id,
      'Students belong to it or once did, so it can’t be removed. Switch it off instead; it stays in their history.',
    );
  }

  async saveScale(scale: GradingScale): Promise<void> {
    await (await models()).BandRow.query(db()).delete().where({ scale_id: scale.id });
    await this.writeScale(scale);
    await changed(CACHE);
  }

  removeScale(id: string): Promise<void> {
    return this.remove('ScaleRow', id, 'Marks were graded with this scale, so it can’t be removed.');
  }

  async addAsset({ createdAt: _stamped, ...asset }: SchoolAsset): Promise<void> {
    await (
      await models()
    ).AssetRow.query(db())
      .patch({ current: false })
      .where({ kind: asset.kind, signatory: asset.signatory, current: true });
    await (await models()).AssetRow.query(db()).insert(asset);
    await changed(CACHE);
  }

  async retireAsset(id: string): Promise<void> {
    await (await models()).AssetRow.query(db()).patch({ current: false }).where({ id });
    await changed(CACHE);
  }

  async takeSerials(key: string, count: number): Promise<number> {
    const [row] = await query<{ last: number }>(
      'school.take-serials',
      `insert into school_counters (id, key, last) values ($1, $2, $3)
       on conflict (school_id, key) do update set last = school_counters.last + excluded.last returning last`,
      [newId(), key, count],
    );
    return row!.last - count + 1;
  }

  async raiseSerial(key: string, atLeast: number): Promise<void> {
    await query(
      'school.raise-serial',
      `insert into school_counters (id, key, last) values ($1, $2, $3)
       on conflict (school_id, key) do update set last = greatest(school_counters.last, excluded.last)`,
      [newId(), key, atLeast],
    );
  }

  private async patchSchool(patch: PartialModelObject<SchoolRow>): Promise<void> {
    await (await models()).SchoolRow.query(db()).patch(patch);
    await changed(CACHE);
  }

  private async writeScale({ bands, ...scale }: GradingScale): Promise<void> {
    await save('ScaleRow', scale);
    await (await models()).BandRow.query(db()).insert(bands.map((band) => ({ ...band, id: newId(), scaleId: scale.id })));
  }

  private async remove(table: Table, id: string, whyNot: string): Promise<void> {
    const { ForeignKeyViolationError, ...all } = await models();
    const rows: ModelClass<Model> = all[table];
    try {
      await rows.query(db()).delete().where({ id });
    } catch (error) {
      if (error instanceof ForeignKeyViolationError) throw new Conflict(whyNot, 'in-use');
      throw error;
    }
    await changed(CACHE);
  }
}

/** Changes the row with this id, or adds it. */
async function save(table: Table, row: { id: string }): Promise<void> {
  const rows: ModelClass<Model> = (await models())[table];
  const touched = await rows.query(db()).patch(row).where('id', row.id);
  if (touched === 0) await rows.query(db()).insert(row);
}

function numberColumns(numbers: NumberSettings): PartialModelObject<SchoolRow> {
  return { numberPrefix: numbers.prefix, admissionPattern: numbers.admission, staffPattern: numbers.staff };
}

/** The hash stands in the theme's address, so that a browser keeps it until the colours change. */
function brandColumns(brand: NewBrand): PartialModelObject<SchoolRow> {
  return { ...brand, themeHash: createHash('sha256').update(brand.themeCss).digest('hex').slice(0, 12) };
}
