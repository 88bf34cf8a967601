import type { Request } from 'express';
import type { RegisteredSchool } from '../../schools/index.js';
import type { Progress, StepName, StepProgress } from '../saga.rules.js';

type T = Request['t'];

/** What the page shows of a run: no more than the school's name and the steps. */
export function progressModel(
  t: T,
  run: Progress,
  school: RegisteredSchool,
  parts: { address: string; country: string; ask: string },
): object {
  const done = run.steps.filter((step) => step.state === 'done').length;
  const ended = run.finishedAt ?? new Date();
  return {
    schoolName: school.name,
    address: parts.address,
    runPage: run.page,
    entry: run.state === 'done' ? `${run.page}/entry` : null,
    failed: run.state === 'failed' ? { reason: run.reason ?? '', ask: parts.ask } : null,
    at: Math.round((done / run.steps.length) * 100),
    count: t('Step {{n}} of {{all}}', { n: Math.min(done + 1, run.steps.length), all: run.steps.length }),
    elapsed:
      run.state === 'done'
        ? spent(t, ended.getTime() - run.orderedAt.getTime())
        : t('{{time}} so far', { time: spent(t, ended.getTime() - run.orderedAt.getTime()) }),
    steps: run.steps.map((step) => ({ ...step, ...wordsFor(t, step, parts), time: step.ms === null ? '' : spent(t, step.ms) })),
  };
}

function wordsFor(
  t: T,
  { name, reason, state }: StepProgress,
  { address, country }: { address: string; country: string },
): { title: string; note: string } {
  const words: Record<StepName, [title: string, note: string]> = {
    record: [t('School registered'), [address, country].filter(Boolean).join(', ')],
    database: [t('Separate database'), t('which no other school can open')],
    secrets: [t('Keys created'), t('for this school only')],
    start: [t('Starting the school’s own service'), t('at {{address}}', { address })],
    fill: [
      country ? t('Terms, subjects and grades for {{country}}', { country }) : t('Terms, subjects and grades'),
      t('and your account as the owner'),
    ],
    answer: [t('First response from the school'), t('signed with its key')],
  };
  const [title, note] = words[name];
  return { title, note: reason && state !== 'done' ? t(reason) : note };
}

/** `0.4 s`, `12 s`, `1 min 46 s`. */
function spent(t: T, ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return t('{{n}} s', { n: seconds.toFixed(1) });
  if (seconds < 60) return t('{{n}} s', { n: Math.round(seconds) });
  return t('{{m}} min {{s}} s', { m: Math.floor(seconds / 60), s: Math.round(seconds % 60) });
}
