import { z } from 'zod';
import { can, systemActor } from '../../../kernel/actor.js';
import type { Actor } from '../../../kernel/actor.js';
import { NotFound, RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import { ASSET_KINDS } from '../profile/school.rules.js';
import type { AssetKind, SchoolAsset } from '../profile/school.rules.js';
import { makeTheme } from './theme.rules.js';
import type { FilesApi } from '../../files/index.js';
import type { NewBrand, Pictures } from '../ports.js';
import { SchoolUseCases } from '../changing.js';
import type { SchoolDeps } from '../changing.js';

const colour = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^#[0-9a-f]{6}$/, 'Enter a colour as # and six digits, such as #0f5c43.');

export const coloursInput = z.object({ firstColour: colour, secondColour: colour });
export type ColoursInput = z.infer<typeof coloursInput>;

export const assetInput = z
  .object({ kind: z.enum(ASSET_KINDS), signatory: z.string().max(80).default(''), title: z.string().max(80).default('') })
  .refine((input) => input.kind !== 'signature' || input.signatory !== '', {
    path: ['signatory'],
    message: 'Enter whose signature this is',
  });
export type AssetInput = z.infer<typeof assetInput>;

/** Papers carry stamp and signature whoever prints them; it is compared by itself, so nobody can pass for it. */
const printing = systemActor('printing');

const LARGEST_ASSET = 2 * 1024 * 1024;

/** The theme that two colours make, ready to be stored. @throws RuleBroken when both are the same */
export function brandOf(colours: ColoursInput): NewBrand {
  return { ...colours, themeCss: themeOf(colours).css };
}

export function themeOf({ firstColour, secondColour }: ColoursInput): ReturnType<typeof makeTheme> {
  try {
    return makeTheme(firstColour, secondColour);
  } catch (error) {
    if (error instanceof RuleBroken) throw new RuleBroken(error.code, error.message, 'secondColour');
    throw error;
  }
}

/** The school's two colours, and the pictures that go on its papers. */
export class Brand extends SchoolUseCases {
  /** By id of the logo, each drawn once in a process. */
  private readonly badges = new Map<string, Promise<Buffer>>();

  constructor(
    deps: SchoolDeps,
    private readonly pictures: Pictures,
    private readonly files: FilesApi,
  ) {
    super(deps);
    files.register(
      { purpose: 'school.logo', mayRead: async () => true },
      ...(['letterhead', 'stamp', 'signature'] as const).map((kind) => ({
        purpose: `school.${kind}` as const,
        mayRead: async (reader: Actor) => reader === printing || can(reader, 'school.brand.change'),
      })),
    );
  }

  saveColours(actor: Actor, colours: ColoursInput): Promise<void> {
    return this.changing(async ({ profile, brand: before }) => {
      const after = brandOf(colours);
      await this.deps.store.saveBrand(after);
      const shown = ({ firstColour, secondColour }: ColoursInput) => ({ firstColour, secondColour });
      await this.record(actor, 'brand.change', {
        entity: 'school',
        id: profile.id,
        label: profile.name,
        before: shown(before),
        after: shown(after),
      });
    });
  }

  /** Papers that were printed before keep the version they were printed with, so nothing is overwritten. */
  async addAsset(actor: Actor, input: AssetInput, file: { path: string }): Promise<SchoolAsset> {
    const picture = await this.pictures.redraw(file);
    return this.changing(async ({ assets, profile }) => {
      const { kind, title } = input;
      const signatory = kind === 'signature' ? input.signatory : '';
      const versions = assets.filter((other) => other.kind === kind && other.signatory === signatory);
      const version = Math.max(0, ...versions.map((other) => other.version)) + 1;
      const { id: fileId } = await this.files.save(actor, picture, {
        purpose: `school.${kind}`,
        owner: { kind: 'school', id: profile.id },
        name: `${kind}-${version}.png`,
        maxBytes: LARGEST_ASSET,
        types: ['image/png'],
        drawn: true,
      });
      const asset: SchoolAsset = {
        id: newId(),
        kind,
        version,
        signatory,
        title,
        fileId,
        current: true,
        createdAt: this.deps.clock.now(),
      };
      await this.deps.store.addAsset(asset);
      await this.record(actor, 'asset.add', {
        entity: 'school_assets',
        id: asset.id,
        label: labelOf(asset),
        after: { kind, version, signatory, title },
      });
      return asset;
    });
  }

  retireAsset(actor: Actor, id: string): Promise<SchoolAsset> {
    return this.changing(async ({ assets }) => {
      const asset = assets.find((candidate) => candidate.id === id);
      if (!asset) throw new NotFound();
      await this.deps.store.retireAsset(id);
      await this.record(actor, 'asset.retire', {
        entity: 'school_assets',
        id,
        label: labelOf(asset),
        before: { current: asset.current },
        after: { current: false },
      });
      return asset;
    });
  }

  /** The bytes of one version. @throws NotFound, also for what this person may not see */
  async picture(id: string, reader: Actor): Promise<Buffer> {
    const asset = (await this.state()).assets.find((candidate) => candidate.id === id);
    if (!asset) throw new NotFound();
    return this.read(asset, reader);
  }

  /** A logo as pages wear it, small enough for every first load. @throws NotFound for what is no logo */
  async badge(id: string, reader: Actor): Promise<Buffer> {
    const asset = (await this.state()).assets.find((candidate) => candidate.id === id && candidate.kind === 'logo');
    if (!asset) throw new NotFound();
    const drawn = this.badges.get(id) ?? this.read(asset, reader).then((logo) => this.pictures.badge(logo));
    this.badges.set(id, drawn);
    drawn.catch(() => this.badges.delete(id));
    return drawn;
  }

  /** The version in use, for a paper that the product itself draws. */
  async forPrinting(kind: AssetKind, signatory?: string): Promise<{ asset: SchoolAsset; image: Buffer } | null> {
    const current = (await this.state()).assets
      .filter((asset) => asset.kind === kind && asset.current && (signatory === undefined || asset.signatory === signatory))
      .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
    const [asset] = current;
    return asset ? { asset, image: await this.read(asset, printing) } : null;
  }

  private async read(asset: SchoolAsset, reader: Actor): Promise<Buffer> {
    const file = await this.files.open(asset.fileId, reader);
    const parts: Uint8Array[] = [];
    for await (const part of await file.body()) parts.push(part);
    return Buffer.concat(parts);
  }
}

function labelOf(asset: SchoolAsset): string {
  return [asset.kind, asset.signatory, `version ${asset.version}`].filter(Boolean).join(', ');
}
