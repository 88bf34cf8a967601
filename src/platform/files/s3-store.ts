import { Readable } from 'node:stream';
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { checkKey, storeAway, type ObjectMeta, type ObjectStore, type StoredObject } from './object-store.js';

export interface S3Settings {
  endpoint: string;
  region: string;
  bucket: string;
  accessKey: string;
  secretKey: string;
  /** `https://host/bucket/key` instead of `https://bucket.host/key`; most S3-compatible servers want it. */
  forcePathStyle?: boolean;
  /** Newer SDKs add CRC checksums to every request, which some compatible servers refuse. */
  checksums?: 'WHEN_REQUIRED' | 'WHEN_SUPPORTED';
}

type Sdk = typeof import('@aws-sdk/client-s3');

export class S3Store implements ObjectStore {
  private opened: Promise<{ sdk: Sdk; client: S3Client }> | null = null;

  constructor(private readonly settings: S3Settings) {}

  async put(key: string, body: Readable | Buffer, about: { type: string; size?: number }): Promise<void> {
    const input = { ...this.at(key), Body: body, ContentType: about.type };
    const { sdk, client } = await this.open();
    const size = Buffer.isBuffer(body) ? body.length : about.size;
    await this.answer(async () => {
      if (size !== undefined) await client.send(new sdk.PutObjectCommand({ ...input, ContentLength: size }));
      else await upload(client, input);
    });
  }

  async get(key: string): Promise<StoredObject | null> {
    const input = this.at(key);
    const { sdk, client } = await this.open();
    const found = await this.answer(() => client.send(new sdk.GetObjectCommand(input)));
    if (!found) return null;
    if (!(found.Body instanceof Readable)) throw storeAway(new Error('The object store answered without a body'));
    return { ...metaOf(found), body: found.Body };
  }

  async head(key: string): Promise<ObjectMeta | null> {
    const input = this.at(key);
    const { sdk, client } = await this.open();
    const found = await this.answer(() => client.send(new sdk.HeadObjectCommand(input)));
    return found && metaOf(found);
  }

  async remove(key: string): Promise<void> {
    const input = this.at(key);
    const { sdk, client } = await this.open();
    await this.answer(() => client.send(new sdk.DeleteObjectCommand(input)));
  }

  async *list(prefix: string): AsyncIterable<string> {
    const { sdk, client } = await this.open();
    let token: string | undefined;
    do {
      const input = { Bucket: this.settings.bucket, Prefix: prefix, ContinuationToken: token };
      const page = await this.answer(() => client.send(new sdk.ListObjectsV2Command(input)));
      for (const object of page?.Contents ?? []) if (object.Key) yield object.Key;
      token = page?.NextContinuationToken;
    } while (token);
  }

  /** A bucket shows no half object, and ends unfinished uploads by a rule of its own. */
  sweep(): Promise<void> {
    return Promise.resolve();
  }

  private at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.settings.bucket, Key: checkKey(key) };
  }

  /** The SDK is heavy: it is loaded when the first object is asked for. */
  private open(): Promise<{ sdk: Sdk; client: S3Client }> {
    this.opened ??= import('@aws-sdk/client-s3').then((sdk) => ({ sdk, client: new sdk.S3Client(clientConfig(this.settings)) }));
    return this.opened;
  }

  /** Nothing there is null; anything else that a person can't help is one sentence, with the server's answer as its cause. */
  private async answer<Found>(ask: () => Promise<Found>): Promise<Found | null> {
    try {
      return await ask();
    } catch (error) {
      if (isAbsent(error)) return null;
      throw storeAway(error);
    }
  }
}

function clientConfig(settings: S3Settings): S3ClientConfig {
  const checksums = settings.checksums ?? 'WHEN_REQUIRED';
  return {
    endpoint: settings.endpoint,
    region: settings.region,
    forcePathStyle: settings.forcePathStyle ?? true,
    credentials: { accessKeyId: settings.accessKey, secretAccessKey: settings.secretKey },
    requestChecksumCalculation: checksums,
    responseChecksumValidation: checksums,
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  };
}

async function upload(
  client: S3Client,
  params: { Bucket: string; Key: string; Body: Readable | Buffer; ContentType: string },
): Promise<void> {
  const { Upload } = await import('@aws-sdk/lib-storage');
  await new Upload({ client, params, queueSize: 2 }).done();
}

function metaOf(found: { ContentType?: string; ContentLength?: number; LastModified?: Date }): ObjectMeta {
  return {
    type: found.ContentType ?? 'application/octet-stream',
    size: found.ContentLength ?? 0,
    modifiedAt: found.LastModified ?? new Date(0),
  };
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && (error.name === 'NoSuchKey' || error.name === 'NotFound');
}
