import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../config.js';
import { DomainError } from '../kernel/errors.js';
import { StopReason } from './launcher/stop-reason.js';

/**
 * The operator's command line. A command is a file in commands/: its name is the file's name, and it exports
 * `summary` (one line for the help), optionally `usage`, and `run(args)`, which resolves to the exit code.
 */
export interface Command {
  summary: string;
  usage?: string;
  run(args: string[]): Promise<number | void>;
}

const FOLDER = new URL('./commands/', import.meta.url);

function names(): string[] {
  return readdirSync(fileURLToPath(FOLDER))
    .filter((file) => /^[a-z-]+\.(js|ts)$/.test(file))
    .map((file) => file.replace(/\.(js|ts)$/, ''))
    .sort();
}

async function load(name: string): Promise<Command> {
  return (await import(new URL(`./${name}.js`, FOLDER).href)) as Command;
}

async function help(): Promise<void> {
  const known = names();
  const width = Math.max(...known.map((name) => name.length));
  console.log('usage: aims <command> [options]\n');
  for (const name of known) console.log(`  ${name.padEnd(width)}  ${(await load(name)).summary}`);
}

async function main([name, ...args]: string[]): Promise<number> {
  if (!name || name === 'help' || name === '--help') {
    await help();
    return name ? 0 : 2;
  }
  if (!names().includes(name)) {
    console.error(`There is no command ${name}. "aims help" lists them.`);
    return 2;
  }
  const command = await load(name);
  if (args.includes('--help')) {
    console.log(`${command.summary}\n\nusage: aims ${command.usage ?? name}`);
    return 0;
  }
  return (await command.run(args)) ?? 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const expected = error instanceof StopReason || error instanceof ConfigError || error instanceof DomainError;
  console.error(expected ? error.message : error);
  process.exitCode = 1;
}
