import { spokenName } from '../../../../kernel/people/names.js';
import { printedFor } from '../../../../platform/http/routes/pdf-route.js';
import { isOff } from '../../../../platform/http/ports.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { ClearanceLine } from '../../ports.js';
import { clearanceSlipDrawing } from './clearance-slip.pdf.js';
import { classLabels, loadProfile, type StudentPages } from '../../register/adapters/students.routes.js';

/** Offices that have no part in the product sign by hand. */
const BY_HAND = ['Library', 'Store', 'Hostel', 'Clinic'];

/** The slip that a child takes from office to office before it leaves. */
export function clearanceSlipRoutes(r: Routes, pages: StudentPages & { clearanceLines: readonly ClearanceLine[] }): void {
  r.pdf({
    path: '/students/:id/clearance-slip.pdf',
    can: 'students.print',
    filename: (_req, { admissionNo }) => `clearance-${admissionNo}.pdf`,
    load: async (req) => {
      const { student, enrolments } = await loadProfile(pages, req);
      const [{ labels }, { law }] = [await classLabels(pages.subjects), await pages.school.pack()];
      const asked = pages.clearanceLines.filter(({ part }) => !isOff(req.school, part)).sort((a, b) => a.order - b.order);
      const lines: { office: string; clear: boolean | null; words: string }[] = [];
      for (const line of asked) lines.push({ office: req.t(line.label), ...(await line.of(req.actor, student.id, req.t)) });
      for (const office of BY_HAND.filter((one) => !asked.some((line) => line.label === one)))
        lines.push({ office: req.t(office), clear: null, words: '' });
      const context = printedFor(req, await pages.school.letterhead());
      const last = student.streamId ?? enrolments[0]?.streamId;
      return {
        context,
        on: req.school!.today,
        name: spokenName(student),
        admissionNo: student.admissionNo,
        className: (last && labels.get(last)) || '',
        lines,
        rules: law.clearance.rules,
        certificatesMayWait: law.nationalCertificateMayBeWithheld,
      };
    },
    draw: clearanceSlipDrawing,
  });
}
