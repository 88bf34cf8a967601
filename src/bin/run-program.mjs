// Built as dist/src/main.js: runs main.cjs beside it from the code that V8 made of it at the build. Under another
// version of Node or other flags V8 finds that it doesn't fit, and compiles the text as ever.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire, SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

const url = new URL('./main.cjs', import.meta.url);
const file = fileURLToPath(url);
// V8 keeps the address as well, which stack traces then name: what was made elsewhere is none of ours.
const compiled = `${file}.${createHash('sha256').update(url.href).digest('hex').slice(0, 12)}.v8`;
const cachedData = existsSync(compiled) ? readFileSync(compiled) : undefined;

const program = new vm.Script(readFileSync(file, 'latin1'), { filename: url.href, cachedData });
if (!cachedData && process.argv[2] === 'load-only') {
  process.once('exit', () => writeFileSync(compiled, program.createCachedData()));
}
Error.prepareStackTrace = (error, sites) => [Error.prototype.toString.call(error), ...sites.map(placeOf)].join('\n    at ');
program.runInThisContext()(createRequire(file), (name) => import(name), url.href);

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
