import JSZip from 'jszip';

/** The text files of an archive by their names, read by a reader that is not ours. */
export async function textsInZip(bytes: Buffer): Promise<Record<string, string>> {
  const archive = await JSZip.loadAsync(bytes);
  const names = Object.values(archive.files)
    .filter((file) => !file.dir)
    .map((file) => file.name);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await archive.file(name)!.async('string')] as const)),
  );
}
