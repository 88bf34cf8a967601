import type { Request, Response } from 'express';
import { Conflict, TooMany } from '../../../kernel/errors.js';
import { packForCountry } from '../../../kernel/packs/index.js';
import type { CountryPack } from '../../../kernel/packs/types.js';
import { callingCode, phoneExample } from '../../../kernel/people/phone.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import { SIZES, tidySubdomain, type SchoolRegister } from '../../schools/index.js';
import type { Drafts } from '../drafts.js';
import { isConfirmed, type Opening } from '../opening.js';
import { CODE_MINUTES, secondsToWait } from '../code.rules.js';
import { mayOpen, nextStep, type Answers, type Step } from '../steps.rules.js';
import type { Draft } from '../ports.js';
import { addressForm, ownerForm, PLACES, schoolForm } from './forms.js';
import { bodyOf, drawStep, pathOf, readForm, refusalOf, typedOf, type DraftCookie } from './wizard.js';

export interface SignupPages {
  drafts: Drafts;
  opening: Opening;
  register: SchoolRegister;
  cookie: DraftCookie;
  /** Behind a school's own name: `aims.example`, `localhost:3000`. */
  host: string;
}

type Handle = (req: Request, res: Response, draft: Draft | null) => Promise<void>;

/** Five steps at most: the school, you, its address, the code that proves yours, and the opening on a page of its own. */
export function signupRoutes(r: Routes, pages: SignupPages): void {
  const { drafts, opening, register, cookie, host } = pages;

  /** A step is open when those before it are answered; a school that is on its way has none any more. */
  const at = (step: Step, handle: Handle) => async (req: Request, res: Response) => {
    const draft = await drafts.find(cookie.browser(req, res));
    if (draft?.opened) return res.redirect(303, '/signup');
    if (!mayOpen(step, draft?.answers ?? {})) return res.redirect(303, pathOf(nextStep(draft?.answers ?? {})));
    await handle(req, res, draft);
  };

  r.get('/signup', 'public', async (req, res) => {
    const draft = await drafts.find(cookie.browser(req, res));
    if (!draft?.opened) return res.redirect(303, pathOf(nextStep(draft?.answers ?? {})));
    const school = await register.find(draft.opened.schoolId);
    await res.page('signup/index', { name: school?.name ?? '', page: draft.opened.page });
  });
  r.post('/signup/restart', 'public', async (req, res) => {
    await drafts.forget(cookie.browser(req, res));
    cookie.clear(res);
    res.redirect(303, '/signup/school');
  });

  const choices = { curricula: PLACES, sizes: SIZES };
  r.get(
    '/signup/school',
    'public',
    at('school', (req, res, draft) => drawStep(req, res, 'school', { ...aside(draft, host), ...choices }, schoolValues(draft))),
  );
  r.post(
    '/signup/school',
    'public',
    at('school', async (req, res, draft) => {
      try {
        await drafts.saveSchool(cookie.browser(req, res), await readForm(req, schoolForm));
        res.redirect(303, pathOf('you'));
      } catch (error) {
        await drawStep(req, res, 'school', { ...aside(draft, host), ...choices }, typedOf(req), refusalOf(error, res));
      }
    }),
  );

  r.get(
    '/signup/you',
    'public',
    at('you', (req, res, draft) => drawStep(req, res, 'you', aside(draft, host), ownerValues(draft))),
  );
  r.post(
    '/signup/you',
    'public',
    at('you', async (req, res, draft) => {
      try {
        await drafts.saveOwner(cookie.browser(req, res), await readForm(req, ownerForm(draft!.answers.school!.country)));
        res.redirect(303, pathOf('address'));
      } catch (error) {
        await drawStep(req, res, 'you', aside(draft, host), typedOf(req), refusalOf(error, res));
      }
    }),
  );

  const drawAddress = async (
    req: Request,
    res: Response,
    draft: Draft | null,
    values: object,
    refusal?: ReturnType<typeof refusalOf>,
  ): Promise<void> => {
    const suggestions = await drafts.suggest(cookie.browser(req, res));
    const model = { ...aside(draft, host), host, suggestions, confirmed: isConfirmed(draft) };
    await drawStep(req, res, 'address', model, values, refusal);
  };
  r.get(
    '/signup/address',
    'public',
    at('address', async (req, res, draft) => {
      const wanted = typeof req.query.use === 'string' ? tidySubdomain(req.query.use).slice(0, 40) : null;
      const [first = ''] = draft!.answers.subdomain ? [draft!.answers.subdomain] : await drafts.suggest(cookie.browser(req, res));
      await drawAddress(req, res, draft, { subdomain: wanted ?? first });
    }),
  );
  r.post(
    '/signup/address',
    'public',
    at('address', async (req, res, draft) => {
      try {
        const browser = cookie.browser(req, res);
        const { subdomain } = await readForm(req, addressForm);
        await drafts.saveAddress(browser, subdomain);
        if (isConfirmed(draft)) return res.redirect(303, await opening.open(browser, req.actor));
        if (secondsToWait(draft!.codeAskedAt, new Date()) === 0) await opening.askForCode(browser);
        res.redirect(303, pathOf('code'));
      } catch (error) {
        await drawAddress(req, res, draft, typedOf(req), refusalOf(error, res, 'subdomain'));
      }
    }),
  );

  r.get('/signup/subdomain', 'public', async (req, res) => {
    const subdomain = typeof req.query.subdomain === 'string' ? tidySubdomain(req.query.subdomain.slice(0, 200)) : '';
    try {
      const { refusal, suggestions } = await drafts.check(cookie.browser(req, res), subdomain);
      await res.part('signup/_subdomain', { subdomain, refusal, suggestions, host });
    } catch (error) {
      if (!(error instanceof TooMany)) throw error;
      // htmx shows no answer of 429, and the judgement of what was typed before would stay.
      await res.part(
        'signup/_subdomain',
        { subdomain, refusal: error.message, suggestions: [], host },
        { status: req.get('hx-request') ? 200 : 429 },
      );
    }
  });

  const drawCode = (req: Request, res: Response, draft: Draft | null, refusal?: ReturnType<typeof refusalOf>): Promise<void> => {
    const email = draft?.answers.owner?.email ?? '';
    const model = {
      ...aside(draft, host),
      email,
      minutes: CODE_MINUTES,
      wait: secondsToWait(draft?.codeAskedAt ?? null, new Date()),
      confirmed: isConfirmed(draft),
    };
    return drawStep(req, res, 'code', model, {}, refusal);
  };
  r.get(
    '/signup/code',
    'public',
    at('code', (req, res, draft) => drawCode(req, res, draft)),
  );
  r.post('/signup/code', 'public', async (req, res) => {
    const browser = cookie.browser(req, res);
    try {
      const typed = bodyOf(req).code;
      await opening.confirm(browser, typeof typed === 'string' ? typed.slice(0, 40) : '');
      res.redirect(303, await opening.open(browser, req.actor));
    } catch (error) {
      const draft = await drafts.find(browser);
      if (error instanceof Conflict)
        return drawAddress(req, res, draft, { subdomain: draft?.answers.subdomain ?? '' }, refusalOf(error, res, 'subdomain'));
      const refusal = refusalOf(error, res, isConfirmed(draft) ? '' : 'code');
      await drawCode(req, res, draft, refusal);
    }
  });
  r.post(
    '/signup/codes',
    'public',
    at('code', async (req, res, draft) => {
      try {
        await opening.askForCode(cookie.browser(req, res));
        res.done(pathOf('code'), req.t('Another code is on its way. Only the latest one works.'));
      } catch (error) {
        await drawCode(req, res, draft, refusalOf(error, res));
      }
    }),
  );
}

function schoolValues(draft: Draft | null): object {
  const school = draft?.answers.school;
  return school ? { ...school, place: `${school.country}.${school.curriculum}` } : {};
}

function ownerValues(draft: Draft | null): object {
  const { owner, consent } = draft?.answers ?? {};
  return { ...owner, ...(consent ? { agreed: 'yes' } : {}) };
}

/** What will be ready when the school opens: taken from the country's pack, not promised. */
function aside(draft: Draft | null, host: string): object {
  const { school, subdomain }: Answers = draft?.answers ?? {};
  const pack = packForCountry(school?.country ?? '');
  const address = subdomain ? `${subdomain}.${host}` : null;
  return {
    told: school,
    address,
    ready: pack && readyIn(pack, school!.curriculum),
    prefix: callingCode(school?.country ?? ''),
    phoneExample: phoneExample(school?.country ?? ''),
  };
}

function readyIn(pack: CountryPack, curriculum: string): object {
  const stages = new Set(pack.stages.filter((stage) => stage.curriculum === curriculum).map((stage) => stage.id));
  const levels = pack.levels.filter((level) => stages.has(level.stage));
  const codes = new Set(levels.map((level) => level.code));
  const subjects = pack.subjects.filter((subject) => subject.levels.some((level) => codes.has(level)));
  return { currency: pack.currency, first: levels.at(0)?.name ?? '', last: levels.at(-1)?.name ?? '', subjects: subjects.length };
}
