import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** A sentence for people, and where it stands. */
export interface Found {
  text: string;
  file: string;
  line: number;
}

export interface Reading {
  /** What has to be in the catalogues. */
  texts: Found[];
  /** What can't be translated as it stands, with the reason. */
  strays: Found[];
  /** Every literal, for telling which entries nobody uses. */
  literals: Set<string>;
}

/** What a property is called whose value people read. */
const READ = new Set(['label', 'title', 'text', 'hint', 'message', 'error', 'word', 'sentence']);
/** Faults for programmers and operators: nobody translates them. */
const FAULTS = new Set(['Error', 'TypeError', 'RangeError', 'StopReason', 'ViewFailed', 'ConfigError']);
/** More than one word and a capital letter first: in this house only what people read looks like that. */
const SENTENCE = /^\p{Lu}[\p{L}’'-]*[ ,:]+\S/u;
const WORD = /^\p{Lu}\p{L}/u;

export function readSource(file: string, kept: ReadonlySet<string> = new Set()): Reading {
  return readCode(readFileSync(file, 'utf8'), file, kept, false);
}

/** Reads the code in a template; what stands between its tags is looked at by `bareTexts`. */
export function readView(file: string, kept: ReadonlySet<string> = new Set()): Reading {
  const source = readFileSync(file, 'utf8');
  const reading = readCode(codeOf(source), file, kept, true);
  for (const { text, line } of bareTexts(source)) if (!kept.has(text)) reading.strays.push({ text, file, line });
  return reading;
}

/** The code of a template with its line breaks, as one script. */
function codeOf(source: string): string {
  let code = '';
  let at = 0;
  for (const match of source.matchAll(/<%([#=-]?)([\s\S]*?)[-_]?%>/g)) {
    code += source.slice(at, match.index).replace(/[^\n]/g, '');
    const [whole, kind, inside] = match;
    code += kind === '#' ? whole.replace(/[^\n]/g, '') : kind === '' ? ` ${inside} ` : `;(${inside});`;
    at = match.index + whole.length;
  }
  return code;
}

function readCode(code: string, file: string, kept: ReadonlySet<string>, isView: boolean): Reading {
  const tree = ts.createSourceFile(file, code, ts.ScriptTarget.ES2023, true, isView ? ts.ScriptKind.JS : ts.ScriptKind.TS);
  const reading: Reading = { texts: [], strays: [], literals: new Set() };
  const place = (node: ts.Node): { file: string; line: number } => ({
    file,
    line: tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1,
  });
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
      reading.literals.add(node.text);
      const use = useOf(node);
      if (kept.has(node.text) || use === 'nobody') return;
      const isText = use === 'said' || (use === 'read' && WORD.test(node.text)) || SENTENCE.test(node.text);
      if (!isText) return;
      if (isView && use !== 'said' && !isListed(node)) reading.strays.push({ text: node.text, ...place(node) });
      else reading.texts.push({ text: node.text, ...place(node) });
    } else if (ts.isTemplateExpression(node)) {
      const text = shapeOf(node);
      reading.literals.add(text);
      if (!SENTENCE.test(text) || useOf(node) === 'nobody' || kept.has(text)) return ts.forEachChild(node, visit);
      (node.templateSpans.every((span) => isNumber(span.expression)) ? reading.texts : reading.strays).push({
        text,
        ...place(node),
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return reading;
}

/** `At most ${n} characters` is looked up as `At most {{1}} characters`. */
function shapeOf(node: ts.TemplateExpression): string {
  return node.templateSpans.reduce((text, span, index) => `${text}{{${index + 1}}}${span.literal.text}`, node.head.text);
}

/** In a list or table of words, from which t() takes one. */
function isListed(node: ts.Node): boolean {
  return ts.isPropertyAssignment(node.parent) || ts.isArrayLiteralExpression(node.parent);
}

/** By its name, as types are not looked at here. */
function isNumber(expression: ts.Expression): boolean {
  return /(?:minimum|maximum|seconds|minutes|hours|days|length|count|_PASSWORD|MOST|[Mm]ost|[Ll]east|\/ 60\))\)?$/.test(
    expression.getText(),
  );
}

/** `said` by t(), `read` as a property that people see, `nobody`'s business, or something else. */
function useOf(node: ts.Node): 'said' | 'read' | 'nobody' | 'other' {
  let inner: ts.Node = node;
  for (let outer = node.parent; outer; inner = outer, outer = outer.parent) {
    if (ts.isImportDeclaration(outer) || ts.isLiteralTypeNode(outer) || ts.isExportDeclaration(outer)) return 'nobody';
    if (ts.isNewExpression(outer)) return FAULTS.has(outer.expression.getText()) ? 'nobody' : 'other';
    if (ts.isCallExpression(outer)) {
      const name = ts.isPropertyAccessExpression(outer.expression) ? outer.expression.name.text : outer.expression.getText();
      if (name === 't' && outer.arguments[0] === inner) return 'said';
      if (['describe', 'query', 'is'].includes(name)) return 'nobody';
      return 'other';
    }
    if (ts.isPropertyAssignment(outer)) {
      const name = outer.name.getText().replace(/['"]/g, '');
      if (outer.name === inner) return 'nobody';
      return READ.has(name) ? 'read' : 'other';
    }
    if (ts.isConditionalExpression(outer) && outer.condition === inner) return 'nobody';
    if (ts.isBinaryExpression(outer) && /^[=!]==?$/.test(outer.operatorToken.getText())) return 'nobody';
    if (ts.isElementAccessExpression(outer)) return 'nobody';
    if (ts.isFunctionLike(outer) || ts.isStatement(outer)) return 'other';
  }
  return 'other';
}

const ATTRIBUTES = /\s(title|placeholder|aria-label|alt|aria-description|data-label)="([^"]*)"/g;

/** Words between tags, and in the attributes that people hear or see, that no call of t() has made. */
export function bareTexts(source: string): { text: string; line: number }[] {
  const blank = (text: string): string => text.replace(/[^\n]/g, ' ');
  const markup = source.replace(/<%#[\s\S]*?%>/g, blank).replace(/<%[\s\S]*?%>/g, (code) => `\u0000${blank(code).slice(1)}`);
  const found: { text: string; line: number }[] = [];
  const note = (text: string, index: number): void => {
    const trimmed = text.replaceAll('\u0000', '').trim();
    if (/\p{L}{3,}/u.test(trimmed.replace(/&\w+;/g, '')))
      found.push({ text: trimmed, line: markup.slice(0, index).split('\n').length });
  };
  for (const match of markup.matchAll(ATTRIBUTES)) note(match[2]!, match.index);
  const tagless = markup.replace(/<[^<>]*>/g, (tag) => `\u0001${blank(tag).slice(1)}`);
  let at = 0;
  for (const piece of tagless.split(/[\u0000\u0001]/)) {
    note(piece, at);
    at += piece.length + 1;
  }
  return found;
}
