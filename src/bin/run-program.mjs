// Built as dist/src/main.js: runs main.cjs beside it from the code that V8 made of it at the build. Under another
// version of Node or other flags V8 finds that it doesn't fit, and compiles the text as ever.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire, SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

const url = new URL('./main.cjs', import.meta.url);
const file = fileURLToPath(url);
const text = readFileSync(file);
const compiled = `${file}.v8`;
const SEAL_BYTES = 32;
const cachedData = compiledBefore();

const program = new vm.Script(text.latin1Slice(), { filename: url.href, cachedData });
if (!cachedData && process.argv[2] === 'load-only') {
  process.once('exit', () => {
    const code = program.createCachedData();
    writeFileSync(compiled, Buffer.concat([seal(code), code]));
  });
}
Error.prepareStackTrace = (error, sites) => [Error.prototype.toString.call(error), ...sites.map(placeOf)].join('\n    at ');
program.runInThisContext()(createRequire(file), (name) => import(name), url.href);

function compiledBefore() {
  if (!existsSync(compiled)) return undefined;
  const kept = readFileSync(compiled);
  const code = kept.subarray(SEAL_BYTES);
  return seal(code).equals(kept.subarray(0, SEAL_BYTES)) ? code : undefined;
}

/** V8 compares lengths only: damaged code would crash, of another text it would run, and it keeps this file's address. */
function seal(code) {
  return createHash('sha256').update(url.href).update(text).update(code).digest();
}

/** Node reads the maps of what it loads itself, and all at the start; this one is read when something first fails. */
function placeOf(site) {
  if (site.getFileName() !== url.href) return String(site);
  const [line, column] = [site.getLineNumber(), site.getColumnNumber()];
  const entry = mapOf().findEntry(line - 1, column - 1);
  if (!entry.originalSource) return String(site);
  const source = fileURLToPath(new URL(entry.originalSource, url));
  return String(site).replace(`${url.href}:${line}:${column}`, `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`);
}

let map;
function mapOf() {
  map ??= new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
  return map;
}
