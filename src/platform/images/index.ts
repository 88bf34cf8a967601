import os from 'node:os';
import { RuleBroken, Unavailable } from '../../kernel/errors.js';
import { sniff } from '../files/index.js';

/** A picture of at most 100 KB in passport shape. */
const PHOTO = { width: 480, height: 600, maxBytes: 100 * 1024 };
const LOGO = { side: 512 };
const THUMBNAIL = { width: 68, height: 85 };
const THUMBNAIL_FORM = { quality: 55, effort: 6 };
/** A scanned page: small print stays readable on it. */
const SCAN = { side: 3000, quality: 86 };
/** A badge stands 48 pixels wide on pages, with three dots for each at most: too small to show what quality 70 leaves out. */
const BADGE = { side: 144 };
const BADGE_FORM = { quality: 70, alphaQuality: 70, effort: 6 };

/** A baseline JPEG is read in strips at an eighth of its size; every other kind may have to lie in memory whole. */
const MAX_PIXELS = 50_000_000;
const MAX_PIXELS_WHOLE = 12_000_000;

/**
 * A person's photo: 4:5, upright, at most 100 KB, and made anew from its pixels, so that nothing of the
 * file that came (place, camera, hidden data) is kept.
 */
export async function toPhoto(source: Buffer): Promise<Buffer> {
  await checkKind(source);
  return inTurn(async () => {
    const image = await opened(source);
    const pixels = await readable(
      image
        .autoOrient()
        .resize(PHOTO.width, PHOTO.height, { fit: 'cover', position: 'attention' })
        .flatten({ background: '#ffffff' })
        .toColourspace('srgb')
        .png({ compressionLevel: 0 })
        .toBuffer(),
    );
    return smallestFit(pixels);
  });
}

/** A picture of a paper: upright and of the same kind, made anew from its pixels, so that it holds nothing but what one sees. */
export async function toScan(source: Buffer): Promise<Buffer> {
  await checkKind(source);
  return inTurn(async () => {
    const image = (await opened(source))
      .autoOrient()
      .resize(SCAN.side, SCAN.side, { fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb');
    const { format } = await readable(image.metadata());
    if (format === 'png') image.png({ compressionLevel: 9 });
    else if (format === 'webp') image.webp({ quality: SCAN.quality });
    else image.jpeg({ quality: SCAN.quality });
    return readable(image.toBuffer());
  });
}

/** A school's logo: PNG with its transparency, at most 512 pixels on a side, never enlarged. */
export async function toLogo(source: Buffer): Promise<Buffer> {
  await checkKind(source);
  return inTurn(async () => {
    const image = await opened(source);
    return readable(
      image
        .autoOrient()
        .resize(LOGO.side, LOGO.side, { fit: 'inside', withoutEnlargement: true })
        .toColourspace('srgb')
        .png({ compressionLevel: 9 })
        .toBuffer(),
    );
  });
}

/** A logo as pages wear it: a few KB, whatever the logo on papers weighs. */
export async function toBadge(logo: Buffer): Promise<Buffer> {
  return inTurn(async () => {
    const image = await opened(logo);
    return readable(
      image.resize(BADGE.side, BADGE.side, { fit: 'inside', withoutEnlargement: true }).webp(BADGE_FORM).toBuffer(),
    );
  });
}

/** A photo as rows of lists show it, about 1 KB: two dots of a screen for each pixel that it takes there. */
export async function toThumbnail(photo: Buffer): Promise<Buffer> {
  return inTurn(async () => {
    const image = await opened(photo);
    return readable(image.resize(THUMBNAIL.width, THUMBNAIL.height, { fit: 'cover' }).webp(THUMBNAIL_FORM).toBuffer());
  });
}

async function smallestFit(pixels: Buffer): Promise<Buffer> {
  const sharp = await library();
  for (const quality of [82, 70, 58, 45, 30]) {
    const jpeg = await sharp(pixels).jpeg({ quality, mozjpeg: true }).toBuffer();
    if (jpeg.length <= PHOTO.maxBytes) return jpeg;
  }
  return sharp(pixels).resize(240, 300).jpeg({ quality: 40, mozjpeg: true }).toBuffer();
}

const ADVICE: Record<string, string> = {
  'image/gif': 'A GIF can’t be used here. Send the picture as JPEG or PNG.',
  'image/svg+xml': 'An SVG drawing can’t be used here. Save it as PNG and send that.',
  'image/heic':
    'This is an iPhone picture (HEIC). On the phone choose Settings, Camera, Formats, Most Compatible, or send it as JPEG.',
  'image/heif':
    'This is an iPhone picture (HEIF). On the phone choose Settings, Camera, Formats, Most Compatible, or send it as JPEG.',
  'image/avif': 'An AVIF picture can’t be used here. Send it as JPEG or PNG.',
  'image/tiff': 'A TIFF scan can’t be used here. Send it as JPEG or PNG.',
};

async function checkKind(source: Buffer): Promise<void> {
  const type = await sniff(source);
  if (type === 'image/jpeg' || type === 'image/png' || type === 'image/webp') return;
  throw new RuleBroken('picture-kind', ADVICE[type ?? ''] ?? 'This file is not a picture. Send a JPEG or PNG.');
}

/** Judges the declared size before a pixel is read. */
async function opened(source: Buffer) {
  const sharp = await library();
  const image = sharp(source, { limitInputPixels: MAX_PIXELS, failOn: 'error', sequentialRead: true }).timeout({ seconds: 10 });
  const { width, height, format, isProgressive } = await readable(sharp(source, { limitInputPixels: false }).metadata());
  const most = format === 'jpeg' && !isProgressive ? MAX_PIXELS : MAX_PIXELS_WHOLE;
  if (width * height > most) {
    throw new RuleBroken(
      'picture-size',
      `This picture is too large (${width} × ${height} pixels). Make it smaller and send it again.`,
    );
  }
  return image;
}

async function readable<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch {
    throw new RuleBroken(
      'picture-broken',
      'This picture can’t be read. Open it on your computer, save it again as JPEG and send that.',
    );
  }
}

type Sharp = typeof import('sharp').default;
let loading: Promise<Sharp> | null = null;

function library(): Promise<Sharp> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    sharp.cache(false);
    sharp.concurrency(1);
    return sharp;
  });
  return loading;
}

const SEATS = os.availableParallelism();
const MAX_WAITING = 40;
let running = 0;
const waiting: (() => void)[] = [];

/** One picture at a time per core; a queue that is too long says so instead of growing. */
async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running < SEATS) running += 1;
  else if (waiting.length >= MAX_WAITING) throw new Unavailable('Many pictures are being processed. Try again in a minute.', 30);
  else await new Promise<void>((start) => waiting.push(start));
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}
