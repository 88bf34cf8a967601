import { newId } from '../../../../kernel/id.js';
import { Stale } from '../../../../kernel/errors.js';
import { Cached, changed, db, query } from '../../../../platform/db/index.js';
import type { Pathway, Subject } from '../subject.rules.js';
import type { SubjectStore } from '../../ports.js';
import { orTaken } from '../../../../platform/db/rows/taken.js';

const SUBJECTS_KEY = 'subjects.subjects';
const PATHWAYS_KEY = 'subjects.pathways';
const SUBJECT_TAKEN = 'Another subject already has this code';

export class PostgresSubjectStore implements SubjectStore {
  private readonly subjects = new Cached<Subject[]>(SUBJECTS_KEY, readSubjects);
  private readonly cachedPathways = new Cached<Pathway[]>(PATHWAYS_KEY, readPathways);

  list(): Promise<Subject[]> {
    return this.subjects.get();
  }

  async insert(subject: Subject): Promise<void> {
    await orTaken(
      db()('subjects')
        .insert({ ...subjectRow(subject), id: subject.id })
        .then(),
      'code',
      SUBJECT_TAKEN,
    );
    await this.setClasses(subject);
  }

  async update(subject: Subject): Promise<void> {
    const count = await orTaken(
      db()('subjects')
        .where({ id: subject.id, version: subject.version })
        .update({ ...subjectRow(subject), version: subject.version + 1 })
        .then(),
      'code',
      SUBJECT_TAKEN,
    );
    if (count === 0) throw new Stale();
    await this.setClasses(subject);
  }

  pathways(): Promise<Pathway[]> {
    return this.cachedPathways.get();
  }

  async insertPathway(pathway: Pathway): Promise<void> {
    const { id, code, name, active } = pathway;
    await orTaken(
      db()('subjects_pathways').insert({ id, code, name, active }).then(),
      'name',
      'Another pathway already has this name',
    );
    await this.setPathwayLinks(pathway);
  }

  async updatePathway(pathway: Pathway): Promise<void> {
    const { id, name, active, version } = pathway;
    const count = await db()('subjects_pathways')
      .where({ id, version })
      .update({ name, active, version: version + 1 });
    if (count === 0) throw new Stale();
    await this.setPathwayLinks(pathway);
  }

  private async setClasses(subject: Subject): Promise<void> {
    await replaceLinks('subjects_of_classes', 'subject_id', subject.id, 'class_id', subject.classIds);
    await changed(SUBJECTS_KEY);
  }

  private async setPathwayLinks(pathway: Pathway): Promise<void> {
    await replaceLinks('subjects_of_pathways', 'pathway_id', pathway.id, 'subject_id', pathway.subjectIds);
    await replaceLinks('subjects_pathways_of_streams', 'pathway_id', pathway.id, 'stream_id', pathway.streamIds);
    await changed(PATHWAYS_KEY);
  }
}

async function replaceLinks(
  table: string,
  ownColumn: string,
  ownId: string,
  otherColumn: string,
  others: readonly string[],
): Promise<void> {
  await db()(table)
    .where({ [ownColumn]: ownId })
    .whereNotIn(otherColumn, others)
    .delete();
  if (others.length === 0) return;
  await db()(table)
    .insert(others.map((other) => ({ id: newId(), [ownColumn]: ownId, [otherColumn]: other })))
    .onConflict()
    .ignore();
}

function readSubjects(): Promise<Subject[]> {
  return query<Subject>(
    'subjects.list',
    `select s.id, s.code, s.national_code as "nationalCode", s.name, s.short_name as "shortName", s.department, s.kind, s.choice, s.practical,
        s.papers, s.periods, s.position, s.active, s.version,
        array(select l.class_id from subjects_of_classes l where l.school_id = s.school_id and l.subject_id = s.id) as "classIds"
      from subjects s order by s.position, s.name`,
  );
}

function readPathways(): Promise<Pathway[]> {
  return query<Pathway>(
    'subjects.pathways',
    `select p.id, p.code, p.name, p.active, p.version,
        array(select l.subject_id from subjects_of_pathways l where l.school_id = p.school_id and l.pathway_id = p.id) as "subjectIds",
        array(select l.stream_id from subjects_pathways_of_streams l where l.school_id = p.school_id and l.pathway_id = p.id) as "streamIds"
      from subjects_pathways p order by p.name`,
  );
}

function subjectRow(subject: Subject): Record<string, unknown> {
  return {
    code: subject.code,
    national_code: subject.nationalCode,
    name: subject.name,
    short_name: subject.shortName,
    department: subject.department,
    kind: subject.kind,
    choice: subject.choice,
    practical: subject.practical,
    papers: subject.papers,
    periods: subject.periods,
    position: subject.position,
    active: subject.active,
  };
}
