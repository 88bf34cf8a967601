import assert from 'node:assert/strict';
import type { Browser, Fields } from '../browser.js';

let made = 0;

/** Admits a child through the form, with a guardian, in the first class; returns the path of its page. */
export async function admitOne(registrar: Browser, fields: Fields = {}): Promise<string> {
  made += 1;
  const page = await registrar.get('/students/new');
  const streamId = page.html.match(/name="streamId"[\s\S]*?<option value="([0-9a-f-]{36})"/)?.[1];
  const answer = await registrar.submit(
    '/students',
    {
      surname: 'Otieno',
      firstName: 'Mercy',
      sex: 'F',
      'bornOn.day': '9',
      'bornOn.month': '8',
      'bornOn.year': '2013',
      boarding: 'day',
      status: 'active',
      joinedOn: '2026-01-06',
      streamId,
      notTheSame: 'on',
      'guardians.0.fullName': 'Grace Otieno',
      'guardians.0.relationship': 'mother',
      'guardians.0.phone': `07224${String(made).padStart(5, '0')}`,
      'guardians.0.mayCollect': 'on',
      'guardians.0.getsSms': 'on',
      ...fields,
    },
    '/students/new',
  );
  assert.equal(answer.status, 303, answer.html.slice(0, 300));
  return answer.location!;
}
