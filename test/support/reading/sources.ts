import { readdirSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../../../src/platform/paths.js';

/** Files of the project below a folder, by their paths from its root, in order. */
export function filesUnder(folder: string, wanted: RegExp): string[] {
  return readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.split(path.sep).join('/')}`)
    .filter((file) => wanted.test(file))
    .sort();
}

/** Lines longer than `most`, without what stands in strings, templates and regular expressions: nobody breaks a sentence. */
export function longCodeLines(text: string, file: string, most: number): number {
  const lines = text.split('\n');
  if (lines.every((line) => line.length <= most)) return 0;
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  const written = new Map<number, number>();
  const visit = (node: ts.Node): void => {
    if (isWritten(node)) noteLengths(node.getStart(tree), node.getEnd(), tree, lines, written);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return lines.filter((line, index) => line.length - (written.get(index) ?? 0) > most).length;
}

function isWritten(node: ts.Node): boolean {
  return (
    ts.isStringLiteralLike(node) ||
    node.kind === ts.SyntaxKind.RegularExpressionLiteral ||
    node.kind === ts.SyntaxKind.TemplateHead ||
    node.kind === ts.SyntaxKind.TemplateMiddle ||
    node.kind === ts.SyntaxKind.TemplateTail
  );
}

function noteLengths(start: number, end: number, tree: ts.SourceFile, lines: string[], written: Map<number, number>): void {
  const [from, to] = [tree.getLineAndCharacterOfPosition(start), tree.getLineAndCharacterOfPosition(end)];
  for (let line = from.line; line <= to.line; line += 1) {
    const first = line === from.line ? from.character : 0;
    const last = line === to.line ? to.character : lines[line]!.length;
    written.set(line, (written.get(line) ?? 0) + last - first);
  }
}
