import type { Request, Response } from 'express';
import { isId } from '../../../../kernel/id.js';
import { showPhone } from '../../../../kernel/people/phone.js';
import { drawInWorker } from '../../../../platform/pdf/worker.js';
import type { PrintContext } from '../../../../platform/pdf/kit.js';
import { sendPdf } from '../../../../platform/http/routes/pdf-route.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { CONSENT_WORDS } from '../../guardians/consent.rules.js';
import { addressLines, DOCUMENT_WORDS, standingOf } from '../../letters/document.rules.js';
import { ENTRY_WORDS } from '../../enrolments/enrolment.rules.js';
import { identifierLabel } from '../../register/identifiers.rules.js';
import { needsOf } from '../../register/health.rules.js';
import { STATUS_WORDS } from '../../enrolments/life-cycle.rules.js';
import { sightOf } from '../../register/sight.js';
import { ageOn, otherNames, phonesOf, type PrintedClass, type Prints, type Which } from '../prints.js';
import type { AlertChip, PrintStudent } from '../../ports.js';
import { alertWords } from '../../alerts/adapters/alert-words.js';
import { ageListDrawing } from './age-list.pdf.js';
import { classListDrawing } from './class-list.pdf.js';
import { emergencySheetDrawing } from './emergency-sheet.pdf.js';
import { idCardsDrawing } from './id-cards.pdf.js';
import { labelsDrawing, type Label } from './labels.pdf.js';
import { profileDrawing } from './profile.pdf.js';
import { classLabels, loadProfile, type StudentPages } from '../../register/adapters/students.routes.js';

/** On a class list: what must be known of health, then what else stands over the child, the grave marked. */
function alertsOnList(one: PrintStudent, alerts: readonly AlertChip[], t: Request['t']): { text: string; urgent: boolean }[] {
  const others = alerts
    .filter((alert) => alert.kind !== 'medical')
    .map((alert) => ({ text: alertWords(alert, t), urgent: alert.level === 'high' }));
  return [...needsOf(one.specialNeeds, alerts), ...others];
}

const idsOf = (classes: readonly PrintedClass[]): string[] => classes.flatMap((one) => one.students.map((student) => student.id));

export interface PrintPages extends StudentPages {
  prints: Prints;
  publicUrl: string;
}

/** Each print is a page of choices (`/students/prints`) and one address that answers with the PDF. */
export function printRoutes(r: Routes, pages: PrintPages): void {
  r.get('/students/prints', 'students.print', async (req, res) => {
    await res.page('students/prints/index', {
      ...(await classLabels(pages.subjects)),
      chosen: req.query,
      today: req.school!.today,
      odd: await pages.prints.oddNames(req.actor, await pages.scope.of(req.actor)),
    });
  });

  r.get('/students/prints/class-list', 'students.print', async (req, res) => {
    const classes = await pages.prints.classes(req.actor, await pages.scope.of(req.actor), streamsOf(req), 'class-list');
    const withAlerts = req.query.alerts === '1';
    const alerts = withAlerts ? await pages.alerts.chips(req.actor, idsOf(classes)) : null;
    const columns = Math.min(Math.max(Number(req.query.columns) || 6, 0), 12);
    const term = await pages.school.currentTerm();
    const body = await drawInWorker(classListDrawing, {
      context: await printContext(pages, req),
      term: term ? `${term.term.name}, ${term.year.name}` : '',
      blankColumns: Array.from({ length: columns }, () => ''),
      classes: classes.map(({ stream, students }) => ({
        name: stream.label,
        students: students.map((one) => ({
          surname: one.surname,
          otherNames: otherNames(one),
          admissionNo: one.admissionNo,
          sex: one.sex,
          ...(alerts && { alerts: alertsOnList(one, alerts.get(one.id) ?? [], req.t) }),
        })),
      })),
      withAlerts,
    });
    sendPdf(res, 'class-list.pdf', body);
  });

  r.get('/students/prints/emergency', 'students.print', async (req, res) => {
    const { country } = req.school!;
    const classes = await pages.prints.classes(req.actor, await pages.scope.of(req.actor), streamsOf(req), 'emergency');
    const alerts = await pages.alerts.chips(req.actor, idsOf(classes));
    const body = await drawInWorker(emergencySheetDrawing, {
      context: await printContext(pages, req),
      contacts: sightOf(req.actor).sees('contacts'),
      numbers: (await pages.school.profile()).phones.map((phone) => ({
        label: req.t('Office'),
        phone: showPhone(phone, country),
      })),
      classes: classes.map(({ stream, students }) => ({
        name: stream.label,
        students: students.map((one) => ({
          surname: one.surname,
          otherNames: otherNames(one),
          admissionNo: one.admissionNo,
          needs: needsOf(one.specialNeeds, alerts.get(one.id) ?? []),
          guardians: one.guardians
            .filter((guardian) => !guardian.barred)
            .map((guardian) => ({
              name: guardian.fullName,
              relationship: title(req, guardian.relationship),
              phones: phonesOf(guardian, country),
              mayCollect: guardian.mayCollect,
            })),
          barred: one.guardians
            .filter((guardian) => guardian.barred)
            .map((guardian) => ({ name: guardian.fullName, reason: guardian.barredReason })),
        })),
      })),
    });
    sendPdf(res, 'emergency-sheet.pdf', body);
  });

  /** A card is a paper that is handed out: each gets a code of its own, so they are made by a POST. */
  r.post('/students/prints/id-cards', 'students.print', async (req, res) => {
    const students = await pages.prints.some(req.actor, await pages.scope.of(req.actor), await which(pages, req), 'id-cards');
    if (students.length === 0) return nobody(req, res);
    const year = await pages.school.currentYear();
    const documents = await pages.prints.issue(req.actor, 'id-card', students, year.endsOn);
    const { labels } = await classLabels(pages.subjects);
    const phones = (await pages.school.profile()).phones;
    const cards = [];
    for (const [index, one] of students.entries()) {
      cards.push({
        surname: one.surname,
        otherNames: otherNames(one),
        sex: one.sex,
        admissionNo: one.admissionNo,
        className: one.streamId ? (labels.get(one.streamId) ?? '') : '',
        photo: await pages.prints.photo(req.actor, one.photoFileId),
        checkUrl: `${pages.publicUrl}/check/${documents[index]!.code}`,
        facts: [{ label: req.t('Type'), value: one.boarding === 'boarder' ? req.t('Boarder') : req.t('Day') }],
        validUntil: year.endsOn,
        alert: one.specialNeeds && one.specialNeeds.replace(/[.!]?$/, '.'),
      });
    }
    const body = await drawInWorker(idCardsDrawing, {
      context: await printContext(pages, req),
      cards,
      phone: phones[0] ? showPhone(phones[0], req.school!.country) : '',
      backs: asked(req).backs === '1',
    });
    sendPdf(res, 'id-cards.pdf', body);
  });

  r.get('/students/prints/labels', 'students.print', async (req, res) => {
    const students = await pages.prints.some(req.actor, await pages.scope.of(req.actor), await which(pages, req), 'labels');
    if (students.length === 0) return nobody(req, res);
    const { labels } = await classLabels(pages.subjects);
    const address = req.query.kind === 'address';
    const { town } = await pages.school.profile();
    const made = students.map((one): Label => {
      const className = one.streamId ? (labels.get(one.streamId) ?? '') : '';
      if (!address)
        return { kind: 'book', surname: one.surname, otherNames: otherNames(one), className, admissionNo: one.admissionNo };
      const to = one.guardians.find((guardian) => !guardian.barred);
      return {
        kind: 'address',
        to: to?.fullName ?? req.t('To the parents of {{name}}', { name: `${one.firstName} ${one.surname}` }),
        lines: addressLines(to?.address ?? one.address, one.homeArea ?? (one.boarding === 'day' ? town : null)),
        note: `${one.firstName} ${one.surname}, ${one.admissionNo}`,
      };
    });
    sendPdf(
      res,
      'labels.pdf',
      await drawInWorker(labelsDrawing, {
        context: await printContext(pages, req),
        labels: made,
        skip: Number(req.query.skip) || 0,
        cutLines: true,
      }),
    );
  });

  r.get('/students/prints/ages', 'students.print', async (req, res) => {
    const onDay = typeof req.query.on === 'string' && req.query.on ? req.query.on : req.school!.today;
    const counts = await pages.prints.ages(req.actor, onDay);
    const { labels, streams } = await classLabels(pages.subjects);
    const body = await drawInWorker(ageListDrawing, {
      context: await printContext(pages, req),
      onDay,
      classes: streams.map((stream) => stream.label),
      counts: counts.flatMap((one) =>
        one.streamId ? [{ className: labels.get(one.streamId) ?? '', age: one.age, boys: one.boys, girls: one.girls }] : [],
      ),
    });
    sendPdf(res, 'age-and-sex.pdf', body);
  });

  r.get('/students/:id/profile.pdf', 'students.print', async (req, res) => {
    const profile = await loadProfile(pages, req);
    const { student } = profile;
    const alerts = await pages.alerts.seenBy(req.actor, profile.openAlerts);
    await pages.reads.ofChild(req.actor, { ...profile, openAlerts: alerts });
    const { labels, classes } = await classLabels(pages.subjects);
    const years = await pages.school.years();
    const pack = await pages.school.pack();
    const { country, today } = req.school!;
    const body = await drawInWorker(profileDrawing, {
      context: await printContext(pages, req),
      surname: student.surname,
      otherNames: otherNames(student),
      admissionNo: student.admissionNo,
      sex: student.sex,
      bornOn: student.bornOn,
      age: ageOn(student.bornOn, today),
      className: student.streamId ? (labels.get(student.streamId) ?? '') : '',
      status: req.t(STATUS_WORDS[student.status]),
      photo: await pages.prints.photo(req.actor, student.photoFileId),
      alert:
        needsOf(student.specialNeeds, alerts)
          .map((need) => need.text)
          .join('; ') || null,
      facts: [
        [req.t('Payment number'), student.paymentNo],
        [req.t('Birth certificate number'), student.birthCertificateNo],
        ...profile.identifiers.map((one) => [identifierLabel(pack.identifiers, one.type), one.value]),
        [req.t('Nationality'), student.nationality],
        [req.t('Home'), student.homeArea],
        [req.t('Faith'), student.religion],
        [req.t('First language'), student.firstLanguage],
        [req.t('Previous school'), student.previousSchool],
        [req.t('Address'), student.address],
      ].map(([label, value]) => ({ label: label ?? '', value: value ?? null })),
      guardians: profile.guardians.map((one) => ({
        name: one.fullName,
        relationship: title(req, one.tie.relationship),
        phones: phonesOf(one, country),
        email: one.email,
        barred: one.tie.barred,
        tags: [
          one.tie.livesWith && req.t('Lives with'),
          one.tie.paysFees && req.t('Pays fees'),
          one.tie.mayCollect && req.t('May collect'),
        ].filter((tag) => tag !== false),
      })),
      enrolments: profile.enrolments.map((line) => ({
        year: years.find((one) => one.id === line.yearId)?.name ?? '',
        className: (line.streamId && labels.get(line.streamId)) || (classes.find((one) => one.id === line.classId)?.name ?? ''),
        enteredOn: line.enteredOn,
        entryReason: req.t(ENTRY_WORDS[line.entryReason]),
        leftOn: line.leftOn,
        exitReason: line.exitReason && title(req, line.exitReason),
      })),
      consents: Object.entries(CONSENT_WORDS).flatMap(([purpose, words]) => {
        const one = profile.consents.find((consent) => consent.purpose === purpose);
        return one
          ? [
              {
                purpose: req.t(words),
                given: one.given,
                onDay: one.onDay,
                by: profile.guardians.find((guardian) => guardian.id === one.guardianId)?.fullName,
              },
            ]
          : [];
      }),
    });
    sendPdf(res, `${student.surname}-${student.firstName}.pdf`, body);
  });

  checkRoute(r, pages);
}

/** What the code on a card or letter leads to: whether it is genuine, and nothing that isn't printed on it. */
function checkRoute(r: Routes, pages: PrintPages): void {
  r.get('/check/:code', 'public', async (req, res) => {
    const code = String(req.params.code ?? '');
    const found = /^[a-z2-9]{20}$/.test(code) ? await pages.prints.check(code) : null;
    const standing = found && standingOf(found, req.school!.today);
    await res.page(
      'students/check',
      { found, standing, word: found ? DOCUMENT_WORDS[found.kind] : '' },
      { status: found ? 200 : 404 },
    );
  });
}

export async function printContext(pages: Pick<PrintPages, 'school'>, req: Request, signed = false): Promise<PrintContext> {
  const head = await pages.school.letterhead(signed ? { stamp: true, signature: true } : {});
  return { letterhead: head, printedBy: req.actor.name, printedAt: new Date(), zone: req.school!.zone, language: req.language };
}

/** What was chosen, in the address or in the form. */
function asked(req: Request): Record<string, unknown> {
  return req.method === 'POST' ? ((req.body ?? {}) as Record<string, unknown>) : req.query;
}

function streamsOf(req: Request): string[] {
  return [asked(req).stream].flat().filter((one): one is string => isId(one));
}

/** Ticked students, else a class, else the whole school in the order of classes. */
async function which(pages: PrintPages, req: Request): Promise<Which> {
  const ids = [asked(req).student].flat().filter((one): one is string => isId(one));
  if (ids.length > 0) return { ids };
  const streamIds = streamsOf(req);
  if (streamIds.length > 0) return { streamIds };
  return { streamIds: (await pages.subjects.classList()).streams.filter((stream) => stream.active).map((stream) => stream.id) };
}

function nobody(req: Request, res: Response): void {
  res.done('/students/prints', { kind: 'warn', text: req.t('There are no students to print. Choose another class.') });
}

function title(req: Request, word: string): string {
  return req.t(word.charAt(0).toUpperCase() + word.slice(1).replaceAll('-', ' '));
}
