import { can, demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { Subject } from '../../../kernel/people/personal-data.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { FilesApi } from '../../files/index.js';
import { consentGiven } from '../guardians/consent.rules.js';
import type { Pictures, StudentStore } from '../ports.js';
import type { Register } from '../register/register.js';
import type { StudentScope } from '../register/scope.js';

export const PHOTO_PURPOSE = 'students.photo';
export const LARGEST_PHOTO = 100 * 1024;

/** One photo a child, seen by whoever may see the child: the child too, and guardians whom no court bars. */
export class Photos {
  constructor(
    private readonly unit: Unit,
    private readonly students: StudentStore,
    private readonly register: Pick<Register, 'setPhoto'>,
    private readonly pictures: Pictures,
    private readonly files: FilesApi,
    private readonly scope: StudentScope,
    /** The children whose data this person may ask for. */
    private readonly wards: (person: Subject) => Promise<Subject[]>,
  ) {
    files.register({ purpose: PHOTO_PURPOSE, mayRead: (reader, owner) => this.mayRead(reader, owner.id) });
  }

  /** The picture is cut to passport shape and made small before anything is written. */
  async replace(actor: Actor, studentId: string, file: { path: string }): Promise<void> {
    demand(actor, 'students.change');
    const picture = await this.pictures.photo(file);
    await this.unit(async () => {
      const before = await this.students.findForChange(studentId);
      if (!before) throw new Missing('student');
      const { id } = await this.files.save(actor, picture, {
        purpose: PHOTO_PURPOSE,
        owner: { kind: 'student', id: studentId },
        name: 'photo.jpg',
        maxBytes: LARGEST_PHOTO,
        types: ['image/jpeg'],
        drawn: true,
      });
      await this.register.setPhoto(actor, studentId, id);
      if (before.photoFileId) await this.files.remove(before.photoFileId);
    });
  }

  async remove(actor: Actor, studentId: string): Promise<void> {
    demand(actor, 'students.change');
    await this.unit(async () => {
      const before = await this.students.findForChange(studentId);
      if (!before) throw new Missing('student');
      if (!before.photoFileId) return;
      await this.register.setPhoto(actor, studentId, null);
      await this.files.remove(before.photoFileId);
    });
  }

  /** Whether a photo may stand in something that leaves the school: only with a guardian's word for that purpose. */
  async mayPublish(studentId: string, purpose: 'photo-in-public' | 'social-media'): Promise<boolean> {
    const profile = await this.students.profile(studentId, { kind: 'all' });
    return profile !== null && consentGiven(profile.consents, purpose);
  }

  private async mayRead(reader: Actor, studentId: string): Promise<boolean> {
    if (can(reader, 'students.read')) {
      const [child] = await this.students.briefs({ ids: [studentId] }, await this.scope.of(reader));
      // No photo in the brief of a child that has one: the family has said no.
      return child?.photoFileId != null;
    }
    const { person } = reader;
    if (person?.kind === 'student') return person.id === studentId;
    return person?.kind === 'guardian' && (await this.wards(person)).some((ward) => ward.id === studentId);
  }
}
