import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type pg from 'pg';
import { cloneTemplate, templateName } from '../../../src/modules/provisioning/databases/adapters/template.store.js';

const NOWHERE = { host: '127.0.0.1', port: 1, database: 'none', user: 'none', password: '' };

/** A server on which the template is there whenever somebody looks, and gone for the first so many who clone it. */
function server(gone: number): { client: pg.Client; clones: () => number } {
  let clones = 0;
  const query = (text: string): Promise<object> => {
    if (!text.startsWith('create database')) return Promise.resolve({ rows: [{}], rowCount: 1 });
    assert.equal(text, `create database "school_db" template "${templateName()}"`);
    clones += 1;
    return clones <= gone
      ? Promise.reject(Object.assign(new Error('template database does not exist'), { code: '3D000' }))
      : Promise.resolve({ rows: [] });
  };
  return { client: { query } as unknown as pg.Client, clones: () => clones };
}

describe('cloning the template', () => {
  it('begins again where another version of the product has dropped it since the look', async () => {
    const { client, clones } = server(1);
    await cloneTemplate(NOWHERE, client, 'school_db');
    assert.equal(clones(), 2);
  });

  it('gives up in the end, and says why', async () => {
    const { client, clones } = server(9);
    await assert.rejects(cloneTemplate(NOWHERE, client, 'school_db'), /does not exist/);
    assert.equal(clones(), 3);
  });
});
