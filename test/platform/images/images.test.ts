import assert from 'node:assert/strict';
import { deflateSync, crc32 } from 'node:zlib';
import { describe, it } from 'node:test';
import sharp from 'sharp';
import { RuleBroken, Unavailable } from '../../../src/kernel/errors.js';
import { toLogo, toPhoto, toScan } from '../../../src/platform/images/index.js';

const GPS = {
  IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '1/1 17/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '36/1 49/1 0/1' },
  IFD0: { Make: 'SecretCamera', Artist: 'Somebody' },
};

/** A noisy picture, red at the left and blue at the right, so that it is heavy and shows which side is up. */
async function picture(width: number, height: number) {
  const half = (background: string) => ({
    create: {
      width: Math.ceil(width / 2),
      height,
      channels: 3 as const,
      background,
      noise: { type: 'gaussian' as const, mean: 128, sigma: 40 },
    },
  });
  const blue = await sharp({ create: { width: Math.ceil(width / 2), height, channels: 3, background: '#0000ff' } })
    .png()
    .toBuffer();
  const noise = await sharp(half('#808080')).resize(width, height).png().toBuffer();
  return sharp({ create: { width, height, channels: 3, background: '#ff0000' } }).composite([
    { input: noise, blend: 'soft-light' },
    { input: blue, left: Math.floor(width / 2), top: 0 },
  ]);
}

/** A PNG whose header declares a size, with almost no pixels behind it. */
function declaredPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

describe('a person’s photo', () => {
  it('is a JPEG of 4 by 5 and at most 100 KB, whatever came', async () => {
    for (const source of [
      await (await picture(3000, 2000)).jpeg({ quality: 95 }).toBuffer(),
      await (await picture(200, 900)).png().toBuffer(),
      await (await picture(1200, 1200)).webp().toBuffer(),
      await sharp({
        create: { width: 800, height: 800, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 90 } },
      })
        .jpeg({ quality: 100 })
        .toBuffer(),
    ]) {
      const photo = await toPhoto(source);
      const { format, width, height } = await sharp(photo).metadata();
      assert.equal(format, 'jpeg');
      assert.equal(width / height, 0.8);
      assert.ok(photo.length <= 100 * 1024, `${photo.length} bytes`);
    }
  });

  it('keeps no place, camera, profile or comment', async () => {
    const source = await (await picture(1000, 1250)).withExif(GPS).withIccProfile('p3').jpeg().toBuffer();
    assert.ok((await sharp(source).metadata()).exif);
    assert.match(source.toString('latin1'), /SecretCamera/);
    const photo = await toPhoto(source);
    const { exif, icc, xmp, iptc } = await sharp(photo).metadata();
    assert.deepEqual([exif, icc, xmp, iptc], [undefined, undefined, undefined, undefined]);
    assert.doesNotMatch(photo.toString('latin1'), /SecretCamera|Somebody|Exif|GPS/);
  });

  it('stands upright as the camera meant it', async () => {
    const source = await (await picture(1000, 1250)).withMetadata({ orientation: 3 }).jpeg().toBuffer();
    const { data, info } = await sharp(await toPhoto(source))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const left = (info.height / 2) * info.width * 3 + 30 * 3;
    assert.ok(data[left]! < 90 && data[left + 2]! > 150, 'the blue side is now at the left');
  });

  it('refuses a picture that declares 50,000 by 50,000 pixels within a second', async () => {
    const started = Date.now();
    await assert.rejects(
      toPhoto(declaredPng(50_000, 50_000)),
      (error) => error instanceof RuleBroken && error.code === 'picture-size' && /50000 × 50000/.test(error.message),
    );
    await assert.rejects(toLogo(declaredPng(50_000, 50_000)), RuleBroken);
    assert.ok(Date.now() - started < 1000);
  });

  it('says in a sentence why other kinds are not taken', async () => {
    const heic = Buffer.concat([
      Buffer.from([0, 0, 0, 24]),
      Buffer.from('ftypheic'),
      Buffer.alloc(4),
      Buffer.from('mif1heic'),
      Buffer.alloc(100),
    ]);
    const cases: [Buffer, RegExp][] = [
      [await (await picture(20, 20)).gif().toBuffer(), /GIF can’t be used/],
      [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), /SVG drawing/],
      [Buffer.from('<?xml version="1.0"?>\n<!-- x -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'), /SVG drawing/],
      [heic, /HEIC.*Most Compatible/],
      [Buffer.from('<html><script>alert(1)</script></html>'), /not a picture/],
      [Buffer.from('%PDF-1.7\n'), /not a picture/],
      [Buffer.alloc(0), /not a picture/],
      [(await (await picture(600, 600)).jpeg().toBuffer()).subarray(0, 2000), /can’t be read/],
    ];
    for (const [source, sentence] of cases)
      await assert.rejects(
        toPhoto(source),
        (error) => error instanceof RuleBroken && sentence.test(error.message),
        String(sentence),
      );
  });

  it('waits in a queue that has an end', async () => {
    const source = await (await picture(600, 750)).jpeg().toBuffer();
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => toPhoto(source)));
    const refused = results.filter((result) => result.status === 'rejected');
    assert.ok(refused.length > 0 && refused.length < 100);
    assert.ok(refused.every((result) => result.reason instanceof Unavailable));
    await toPhoto(source);
  });
});

describe('a logo', () => {
  it('is a PNG with its transparency, at most 512 pixels wide, without metadata', async () => {
    const drawn = sharp({
      create: { width: 1600, height: 400, channels: 4, background: { r: 0, g: 100, b: 0, alpha: 0.5 } },
    }).withExif(GPS);
    const logo = await toLogo(await drawn.png().toBuffer());
    const { format, width, height, hasAlpha, exif } = await sharp(logo).metadata();
    assert.deepEqual([format, width, height, hasAlpha, exif], ['png', 512, 128, true, undefined]);
  });

  it('is not enlarged', async () => {
    const { width } = await sharp(await toLogo(await (await picture(64, 64)).jpeg().toBuffer())).metadata();
    assert.equal(width, 64);
  });
});

describe('a picture of a paper', () => {
  it('is of the same kind, upright, of a size to read, and holds nothing but what one sees', async () => {
    for (const kind of ['jpeg', 'png', 'webp'] as const) {
      const seen = (await picture(1200, 800)).withExif(GPS).withMetadata({ orientation: 6 }).withExifMerge(GPS);
      const source = await seen[kind]().toBuffer();
      assert.ok(source.includes('SecretCamera'), kind);
      const made = await toScan(source);
      const { format, width, height, exif, orientation } = await sharp(made).metadata();
      assert.deepEqual([format, width, height, exif, orientation ?? 1], [kind, 800, 1200, undefined, 1], kind);
      assert.equal(made.includes('SecretCamera'), false, kind);
    }
    const { width } = await sharp(await toScan(await (await picture(3600, 2400)).jpeg().toBuffer())).metadata();
    assert.equal(width, 3000);
  });

  it('keeps nothing that was hung behind it, and is refused when it is larger than can be drawn', async () => {
    const source = Buffer.concat([await (await picture(300, 200)).png().toBuffer(), Buffer.from('<script>hidden</script>')]);
    assert.equal((await toScan(source)).includes('hidden'), false);
    await assert.rejects(toScan(declaredPng(50_000, 50_000)), RuleBroken);
  });
});
