import { NotFound, RuleBroken } from '../../../../kernel/errors.js';
import { systemActor } from '../../../../kernel/actor.js';
import { closeGaps, FormState, problemsOf, unflatten } from '../../../../platform/http/routes/form-data.js';
import type { FlatValues } from '../../../../platform/http/routes/form-data.js';
import type { Can } from '../../../../platform/http/routes/guard.js';
import { sendText } from '../../../../platform/http/pages/page.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { upload, uploadOf } from '../../../../platform/files/index.js';
import { Invalid } from '../../../../kernel/errors.js';
import { assetInput, coloursInput, themeOf } from '../brand.js';
import type { Brand, ColoursInput } from '../brand.js';
import { ASSET_KINDS } from '../../profile/school.rules.js';
import type { SchoolState } from '../../profile/school.rules.js';

const MB = 1024 * 1024;
const pictureUpload = upload({ field: 'picture', maxBytes: 4 * MB, types: ['image/png', 'image/jpeg', 'image/webp'] });
const FOR_EVER = 'public, max-age=31536000, immutable';
const anybody = systemActor('visitor');

/** Colours, badge, stamp and signatures; and the files that pages and papers load from here. */
export function brandRoutes(r: Routes, brand: Brand): void {
  r.form({
    path: '/school/brand',
    can: 'school.brand.change',
    view: 'school/brand/edit',
    asRead: ({ values }) => values,
    schema: coloursInput,
    load: async (req) => brandModel(await brand.state(), coloursOf(req.method === 'POST' ? (req.body as FlatValues) : null)),
    async save(colours, req) {
      await brand.saveColours(req.actor, colours);
      return { to: '/school/brand', flash: req.t('Colours saved. All pages and documents now use them.') };
    },
  });

  judgementRoute(r, brand, '/school/brand/judgement', 'school.brand.change');

  r.upload('/school/brand/assets', 'school.brand.change', pictureUpload, async (req, res) => {
    const values = (req.body ?? {}) as FlatValues;
    const refused = async (problems: { field: string; message: string }[]): Promise<void> => {
      const assetForm = new FormState(
        '/school/brand/assets',
        values,
        problems.map((problem) => ({ ...problem, message: req.t(problem.message) })),
        '',
      );
      const model = brandModel(await brand.state(), null);
      const form = new FormState('/school/brand', model.values, [], '');
      await res.page('school/brand/edit', { ...model, form, assetForm }, { status: 422 });
    };
    const file = uploadOf(req);
    const parsed = assetInput.safeParse(closeGaps(unflatten(values)));
    if (!parsed.success) return refused(problemsOf(parsed.error));
    if (!file) return refused([{ field: 'picture', message: 'Choose a picture' }]);
    try {
      await brand.addAsset(req.actor, parsed.data, file);
      res.done('/school/brand#pictures', req.t('Picture saved'));
    } catch (error) {
      if (error instanceof Invalid) return refused(error.problems);
      if (error instanceof RuleBroken) return refused([{ field: error.field ?? 'picture', message: error.message }]);
      throw error;
    }
  });

  r.post('/school/brand/assets/:id/retirement', 'school.brand.change', async (req, res) => {
    await brand.retireAsset(req.actor, String(req.params.id));
    res.done('/school/brand#pictures', req.t('No longer in use. Documents already issued with it stay as they are.'));
  });

  r.get('/school/brand/assets/:id', 'school.brand.change', async (req, res) => {
    res
      .set('Cache-Control', 'private, max-age=3600')
      .type('image/png')
      .send(await brand.picture(String(req.params.id), req.actor));
  });

  r.get('/school/logo/:id', 'public', async (req, res) => {
    res
      .set('Cache-Control', FOR_EVER)
      .type('image/webp')
      .send(await brand.badge(String(req.params.id), anybody));
  });

  r.get('/school/theme/:hash', 'public', async (req, res) => {
    const { themeCss, themeHash } = (await brand.state()).brand;
    if (req.params.hash !== `${themeHash}.css`) throw new NotFound();
    await sendText(req, res.set('Cache-Control', FOR_EVER).type('css'), themeCss);
  });
}

/** What the colours are used as, while they are being chosen; the set-up, out of which nothing leads, has its own address. */
export function judgementRoute(r: Routes, brand: Pick<Brand, 'state'>, path: string, can: Can): void {
  r.get(path, can, async (req, res) => {
    const colours = coloursOf(req.query as FlatValues) ?? (await brand.state()).brand;
    await res.part('school/brand/_judgement', judge(colours));
  });
}

/** What the page of colours draws; the set-up's second step uses the same one. */
export function brandModel(state: SchoolState, typed: ColoursInput | null) {
  const { firstColour, secondColour } = state.brand;
  return {
    values: { firstColour, secondColour },
    ...judge(typed ?? state.brand),
    assets: state.assets,
    assetKinds: ASSET_KINDS,
    assetForm: new FormState('/school/brand/assets', {}, [], ''),
    schoolName: state.profile.name,
  };
}

/** The two colours as far as they can be read; null where there is nothing to judge. */
export function coloursOf(values: FlatValues | null): ColoursInput | null {
  const read = coloursInput.safeParse(values ?? {});
  return read.success ? read.data : null;
}

function judge(colours: ColoursInput) {
  try {
    const theme = themeOf(colours);
    return { judged: theme.judged, sample: { ...theme.light, ...colours }, equal: false };
  } catch (error) {
    if (error instanceof RuleBroken) return { judged: [], sample: { ...colours }, equal: true };
    throw error;
  }
}
