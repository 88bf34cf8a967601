/** A part of Knex that has no types of its own. */
declare module 'knex/lib/knex-builder/make-knex.js' {
  import type { Knex } from 'knex';

  export default function makeKnex(client: unknown): Knex;
}
