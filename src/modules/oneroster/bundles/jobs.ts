import { systemActor, type Actor } from '../../../kernel/actor.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import type { Clock } from '../../../kernel/clock.js';
import { DomainError, RuleBroken, Unavailable } from '../../../kernel/errors.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { FilesApi } from '../../files/index.js';
import type { KindRun } from '../../imports/index.js';
import { peopleOf, type Content } from '../format/content.rules.js';
import { findingsOf, guess, type Choices, type Findings, type Here } from '../format/guess.rules.js';
import { primaryYears } from '../roster/grades.rules.js';
import { rosterFiles } from '../format/spec.rules.js';
import type { Problem } from '../format/validate.rules.js';
import { PARTS, type Bundle, type BundleReader, type BundleStatus, type Identity, type Outcome, type Part } from '../ports.js';
import { LISTS, Taking, type TakingDeps } from './taking.js';

export const READER = systemActor('oneroster');

const BATCH = 250;
/** A person reads no more of them; all are counted. */
const MOST_PROBLEMS = 300;
const REASONS = 5;
const LAST = 2 ** 31 - 1;

export interface Attempt {
  signal: AbortSignal;
  last: boolean;
}

/** What was written for a look is taken back by this. */
class OnlyLooked extends Error {}

/** The three long steps. A look is the real thing in a transaction that is not committed, so that it promises nothing that can't be kept. */
export class BundleJobs {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    private readonly files: FilesApi,
    private readonly reader: BundleReader,
    private readonly deps: TakingDeps,
  ) {}

  check(id: string, attempt: Attempt): Promise<void> {
    return this.settled(id, attempt, { during: 'checking', refused: 'refused', broken: 'failed' }, async (bundle) => {
      const problems = new Problems();
      const content = await this.read(bundle, attempt.signal, problems);
      const { source, version } = content.manifest;
      const known = await this.identities(source.code);
      const { findings, choices } = await this.proposal(bundle, content, known);
      if (choices.orgId === null)
        throw new RuleBroken('no-school', 'There is no school in this bundle: orgs.csv has no row of the type "school".');
      const parts = await this.look(bundle, content, choices, known, problems);
      await this.unit(() =>
        this.deps.store.step(id, ['checking'], {
          status: 'checked',
          version,
          sourceName: source.name,
          sourceCode: source.code,
          findings,
          choices,
          outcome: outcomeOf(parts, problems, content),
          step: null,
        }),
      );
    });
  }

  /** Nothing is in the school when this fails. */
  write(id: string, attempt: Attempt): Promise<void> {
    return this.settled(id, attempt, { during: 'writing', refused: 'failed', broken: 'failed' }, async (bundle) => {
      const problems = new Problems();
      const content = await this.read(bundle, attempt.signal, problems);
      const known = await this.identities(content.manifest.source.code);
      await this.unit(async () => {
        await this.deps.store.hold();
        if ((await this.deps.store.find(id))?.status !== 'writing') return;
        const parts = await this.run(bundle, content, bundle.choices as Choices, known, problems);
        await this.audit.record(actorOf(bundle), {
          action: 'oneroster.import',
          entity: 'oneroster-bundle',
          entityId: id,
          label: bundle.fileName,
          after: { source: content.manifest.source.name, ...parts },
        });
        await this.deps.store.change(id, {
          status: 'done',
          writtenAt: this.clock.now(),
          writtenIn: await this.deps.store.transaction(),
          outcome: outcomeOf(parts, problems, content),
          step: null,
        });
      });
    });
  }

  /** Everything is still in the school when this fails. */
  undo(id: string, attempt: Attempt): Promise<void> {
    return this.settled(id, attempt, { during: 'undoing', refused: 'done', broken: 'done' }, (bundle) =>
      this.unit(async () => {
        await this.deps.store.hold();
        if ((await this.deps.store.find(id))?.status !== 'undoing') return;
        await this.takeBack(bundle);
        await this.audit.record(actorOf(bundle), {
          action: 'oneroster.undo',
          entity: 'oneroster-bundle',
          entityId: id,
          label: bundle.fileName,
        });
        await this.deps.store.removeIdentities(id);
        await this.deps.store.change(id, {
          status: 'undone',
          undoneAt: this.clock.now(),
          undoneBy: bundle.actor.name,
          step: null,
        });
      }),
    );
  }

  private async takeBack(bundle: Bundle): Promise<void> {
    const parts = [...PARTS].reverse().filter((part) => part in LISTS) as (keyof typeof LISTS)[];
    const facts = await this.facts();
    const runs = new Map<Part, KindRun>();
    for (const part of parts) {
      const kind = this.deps.kinds().find((one) => one.key === LISTS[part].kind)!;
      runs.set(
        part,
        await kind.open({
          importId: bundle.id,
          actor: actorOf(bundle),
          mode: 'both',
          ...facts,
          answers: {},
          leftOut: [],
          headings: new Map(),
        }),
      );
    }
    const reasons: string[] = [];
    for (const part of parts) {
      for await (const lines of this.backwards(bundle.id, part))
        reasons.push(...(await runs.get(part)!.obstacles(lines, bundle.writtenIn!)));
      if (reasons.length > 0)
        throw new RuleBroken('depends', `It can’t be undone because of later changes. ${reasons.slice(0, REASONS).join(' ')}`);
    }
    for await (const lines of this.backwards(bundle.id, 'choices'))
      await this.deps.choices.remove(lines.map((line) => line.entityId));
    for (const part of parts) {
      for await (const lines of this.backwards(bundle.id, part)) await runs.get(part)!.undo(lines);
      await runs.get(part)!.finishUndoing();
    }
    for await (const lines of this.backwards(bundle.id, 'years'))
      for (const line of lines) await this.deps.calendar.removeYear(actorOf(bundle), line.entityId);
  }

  private async *backwards(id: string, part: Part): AsyncGenerator<Awaited<ReturnType<TakingDeps['store']['written']>>> {
    for (let before = LAST; ;) {
      const lines = await this.deps.store.written(id, part, before, BATCH);
      if (lines.length === 0) return;
      yield lines;
      before = lines.at(-1)!.n;
    }
  }

  private async look(
    bundle: Bundle,
    content: Content,
    choices: Choices,
    known: readonly Identity[],
    problems: Problems,
  ): Promise<Outcome['parts']> {
    let parts: Outcome['parts'] | null = null;
    try {
      await this.unit(async () => {
        await this.deps.store.hold();
        parts = await this.run(bundle, content, choices, known, problems);
        throw new OnlyLooked();
      });
    } catch (error) {
      if (!(error instanceof OnlyLooked)) throw error;
    }
    return parts!;
  }

  private async run(
    bundle: Bundle,
    content: Content,
    choices: Choices,
    known: readonly Identity[],
    problems: Problems,
  ): Promise<Outcome['parts']> {
    const taking = new Taking(this.deps, bundle, content, choices, actorOf(bundle), await this.facts(), known, problems.add);
    await taking.run();
    return taking.parts;
  }

  private async facts(): Promise<{ today: string; country: string; currency: string; identifierKeys: string[] }> {
    const { school } = this.deps;
    const { identifiers } = await school.pack();
    const { country, currency } = await school.profile();
    return { today: await school.today(), country, currency, identifierKeys: identifiers.map((one) => one.key) };
  }

  private async read(bundle: Bundle, signal: AbortSignal, problems: Problems): Promise<Content> {
    const file = await this.files.open(bundle.fileId, READER);
    const known = async (source: string): Promise<ReadonlySet<string>> =>
      new Set((await this.identities(source)).map((one) => one.sourcedId));
    return this.reader.read(() => file.body(), bundle.fileName, { signal, known, tell: problems.add });
  }

  /** A bundle that this school has sent itself names everything by our own ids. */
  private async identities(source: string): Promise<Identity[]> {
    const known = await this.deps.store.identities(source);
    if (source !== `aims:${(await this.deps.school.profile()).id}`) return known;
    const [staff, list, subjects, years] = await Promise.all([
      this.deps.hr.records(null),
      this.deps.subjects.classList(),
      this.deps.subjects.subjects(),
      this.deps.school.years(),
    ]);
    const own = (kind: Identity['kind'], ids: readonly { id: string }[]): Identity[] =>
      ids.map(({ id }) => ({ kind, sourcedId: id, entityId: id }));
    return [...own('year', years), ...own('staff', staff), ...own('stream', list.streams), ...own('subject', subjects), ...known];
  }

  private async proposal(
    bundle: Bundle,
    content: Content,
    known: readonly Identity[],
  ): Promise<{ findings: Findings; choices: Choices }> {
    const here = await this.here();
    const ids = new Map(known.map((one) => [`${one.kind} ${one.sourcedId}`, one.entityId]));
    const ours = new Set([...here.years, ...here.streams, ...here.subjects].map((one) => one.id));
    const whoIs: Parameters<typeof guess>[3] = (kind, id) => {
      const found = ids.get(`${kind} ${id}`);
      return found && ours.has(found) ? found : null;
    };
    const org = (orgId: string | null): Findings => findingsOf(content, peopleOf(content, orgId ?? ''), orgId);
    const chosen = bundle.choices.orgId ?? guess(content, org(null), here, whoIs).orgId;
    const findings = org(chosen);
    const guessed = { ...guess(content, findings, here, whoIs), orgId: chosen };
    const merge = <Value>(given: Record<string, Value> | undefined, proposed: Record<string, Value>): Record<string, Value> => ({
      ...proposed,
      ...given,
    });
    const { choices } = bundle;
    return {
      findings,
      choices: {
        orgId: chosen,
        sex: choices.sex ?? '',
        gone: choices.gone ?? '',
        years: merge(choices.years, guessed.years),
        places: merge(choices.places, guessed.places),
        grades: merge(choices.grades, guessed.grades),
        courses: merge(choices.courses, guessed.courses),
      },
    };
  }

  private async here(): Promise<Here> {
    const [profile, years, pack, list, subjects] = await Promise.all([
      this.deps.school.profile(),
      this.deps.school.years(),
      this.deps.school.pack(),
      this.deps.subjects.classList(),
      this.deps.subjects.subjects(),
    ]);
    const names = new Map(list.classes.map((one) => [one.id, one.name]));
    return {
      profile,
      country: profile.country,
      years,
      primaryYears: primaryYears(profile.country),
      subjects: subjects.map((one) => ({ ...one, classNames: one.classIds.flatMap((id) => names.get(id) ?? []) })),
      classNames: [
        ...new Set([...list.classes.filter((one) => one.active).map((one) => one.name), ...pack.levels.map((one) => one.name)]),
      ],
      streams: list.streams.filter((one) => one.active).map((one) => ({ ...one, className: names.get(one.classId)! })),
    };
  }

  private async settled(
    id: string,
    attempt: Attempt,
    then: { during: BundleStatus; refused: BundleStatus; broken: BundleStatus },
    work: (bundle: Bundle) => Promise<void>,
  ): Promise<void> {
    const bundle = await this.deps.store.find(id);
    if (!bundle || bundle.status !== then.during) return;
    try {
      await work(bundle);
    } catch (error) {
      const told = error instanceof DomainError && !(error instanceof Unavailable);
      if (told)
        return void (await this.unit(() =>
          this.deps.store.step(id, [then.during], { status: then.refused, sentence: error.message, step: null }),
        ));
      if (attempt.last && !attempt.signal.aborted)
        await this.unit(() => this.deps.store.step(id, [then.during], { status: then.broken, sentence: BROKEN, step: null }));
      throw error;
    }
  }
}

const BROKEN = 'Something went wrong on our side. Nothing was changed; please try again.';

/** Each once: a guardian's phone is looked at for each of the children. */
class Problems {
  readonly kept: Problem[] = [];
  errors = 0;
  warnings = 0;
  private readonly seen = new Set<string>();

  readonly add = (problem: Problem): void => {
    const key = [problem.file, problem.row, problem.column, problem.text, problem.vars?.id].join('\n');
    if (this.seen.has(key)) return;
    this.seen.add(key);
    if (problem.severity === 'error') this.errors += 1;
    else this.warnings += 1;
    if (problem.severity === 'error' || this.kept.length < MOST_PROBLEMS / 2) this.kept.push(problem);
  };
}

function outcomeOf(parts: Outcome['parts'], problems: Problems, content: Content): Outcome {
  const used = new Set<string>(rosterFiles(content.manifest.version));
  const passedOver = Object.fromEntries(Object.entries(content.counted).filter(([file]) => !used.has(file)));
  const order = [...problems.kept]
    .sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'))
    .slice(0, MOST_PROBLEMS);
  return { parts, problems: order, errors: problems.errors, warnings: problems.warnings, passedOver };
}

function actorOf(bundle: Bundle): Actor {
  return { ...bundle.actor, permissions: new Set(bundle.actor.permissions) };
}
