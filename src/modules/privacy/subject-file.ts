import { can, type Actor } from '../../kernel/actor.js';
import type { AuditTrail } from '../../kernel/audit.js';
import { Forbidden, NotFound } from '../../kernel/errors.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { DataSection, PersonalData, Say, Subject } from '../../kernel/people/personal-data.js';

/** Everything that the school keeps about one person, in the order of the modules. */
export interface SubjectFile {
  subject: Subject;
  name: string;
  sections: DataSection[];
}

/** What a person may ask for by law: a copy of what is kept about them. */
export class SubjectFiles {
  constructor(
    private readonly parts: readonly PersonalData[],
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
  ) {}

  /** The person's own, and those of the children that a guardian answers for. */
  async own(actor: Actor, t: Say): Promise<SubjectFile[]> {
    const self = subjectOf(actor);
    const all = [self, ...(await this.wardsOf(self))];
    return this.read(actor, all, t);
  }

  /** @throws Forbidden; NotFound */
  async of(actor: Actor, subject: Subject, t: Say): Promise<SubjectFile> {
    if (!can(actor, 'privacy.read')) throw new Forbidden();
    const [file] = await this.read(actor, [subject], t);
    return file!;
  }

  /** Reading a whole file is an act that the person may ask about later. */
  private read(actor: Actor, subjects: readonly Subject[], t: Say): Promise<SubjectFile[]> {
    return this.unit(async () => {
      const files: SubjectFile[] = [];
      for (const subject of subjects) {
        const file = await this.fileOf(subject, t);
        if (!file) throw new NotFound();
        files.push(file);
        await this.audit.record(actor, {
          action: 'privacy.file.read',
          entity: subject.kind === 'account' ? 'identity_users' : subject.kind,
          entityId: subject.id,
          label: file.name,
        });
      }
      return files;
    });
  }

  private async fileOf(subject: Subject, t: Say): Promise<SubjectFile | null> {
    const name = await nameIn(this.parts, subject);
    if (name === null) return null;
    const contacts = await contactsIn(this.parts, subject);
    const sections: DataSection[] = [];
    for (const part of this.parts) sections.push(...(await part.sections(subject, t, contacts)));
    return { subject, name, sections };
  }

  private async wardsOf(subject: Subject): Promise<Subject[]> {
    const found: Subject[] = [];
    for (const part of this.parts) found.push(...((await part.wards?.(subject)) ?? []));
    return found;
  }
}

/** Somebody in no list of the school has an account all the same. */
function subjectOf(actor: Actor): Subject {
  return actor.person ?? { kind: 'account', id: actor.userId! };
}

export async function nameIn(parts: readonly PersonalData[], subject: Subject): Promise<string | null> {
  for (const part of parts) {
    const name = await part.nameOf?.(subject);
    if (name) return name;
  }
  return null;
}

export async function contactsIn(parts: readonly PersonalData[], subject: Subject): Promise<string[]> {
  const found = new Set<string>();
  for (const part of parts) for (const one of (await part.contacts?.(subject)) ?? []) found.add(one);
  return [...found];
}
