import type { BareAccount, BareProfile, BareRow } from './bare-statements.js';

const UNSAFE = /[&<>"']/;

function safe(value: unknown): string {
  const text = value === null || value === undefined ? '' : typeof value === 'string' ? value : String(value);
  if (!UNSAFE.test(text)) return text;
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&#34;')
    .replaceAll("'", '&#39;');
}

const FACE = '<span class="photo girl"></span>';
const MARK = '<span class="st ok">';

export function listRows(rows: readonly BareRow[], streams: Record<string, string>): string {
  let html = '';
  for (const row of rows.slice(0, 50)) {
    const name = `${safe(row.surname)} ${safe(row.first_name)}`;
    html += `<tr><td><input type="checkbox" class="tick" name="student" value="${row.id}" aria-label="${name}"></td><td>${FACE}</td>`;
    html += `<th scope="row" class="name c-b"><a href="/students/${row.id}"><b>${safe(row.surname)}</b> ${safe(row.first_name)} ${safe(row.middle_name)}</a></th>`;
    html += `<td>${safe(row.admission_no)}</td><td class="c-c">${row.stream_id ? safe(streams[row.stream_id]) : ''}</td>`;
    html += `<td class="p2">${safe(row.guardian_name)} <bdi>${safe(row.guardian_phone)}</bdi></td><td>${MARK}${safe(row.status)}</span></td></tr>\n`;
  }
  return html;
}

export function searchRows(rows: readonly BareRow[], streams: Record<string, string>): string {
  let html = '';
  for (const row of rows.slice(0, 8)) {
    html += `<li><a href="/students/${row.id}"><svg class="i" aria-hidden="true"><use href="/assets/icons.0000000000.svg#i-right"/></svg><span class="grow"><b>${safe(row.surname)}</b> ${safe(row.first_name)} ${safe(row.middle_name)}`;
    html += ` <span class="mute">· ${row.stream_id ? safe(streams[row.stream_id]) : safe(row.status)} · ${safe(row.admission_no)} · ${safe(row.guardian_phone)}</span></span><kbd>Enter</kbd></a></li>`;
  }
  return html;
}

/** Every value that the page shows, each in a line of its own. */
export function profileRows(profile: BareProfile): string {
  const { student } = profile;
  let html = `<h1>${safe(student['surname'])} ${safe(student['first_name'])}</h1><dl class="facts">`;
  for (const [name, value] of Object.entries(student)) html += `<div><dt>${name}</dt><dd>${safe(value)}</dd></div>`;
  html += '</dl>';
  for (const { guardian, tie } of profile.guardians)
    html += `<section class="card"><h3>${safe(guardian['full_name'])}</h3>${lines({ ...guardian, ...tie })}</section>`;
  for (const part of ['enrolments', 'status_changes', 'consents', 'assignments', 'identifiers', 'siblings', 'trail'] as const) {
    html += `<section><h2>${part}</h2>`;
    for (const row of profile[part]) html += `<p>${lines(row)}</p>`;
    html += '</section>';
  }
  return html;
}

/** The lines of an account with what was left after each, and all else that its page shows. */
export function accountRows(account: BareAccount): string {
  const { student } = account;
  let html = `<h1>${safe(student['surname'])} ${safe(student['first_name'])}</h1><table class="tbl"><tbody>`;
  let left = 0;
  for (const move of account.moves) {
    left += Number(move['minor']);
    html += `<tr><td class="nw">${safe(move['posted_on'])}</td><th scope="row">${safe(move['kind'])} ${safe(move['number'])} ${safe(move['memo'])}</th><td class="n">${safe(move['minor'])}</td><td class="n"><b>${left}</b></td></tr>`;
  }
  html += '</tbody></table>';
  for (const part of ['open', 'subscriptions', 'awards', 'heads'] as const) {
    html += `<section><h2>${part}</h2>`;
    for (const row of account[part]) html += `<p>${lines(row)}</p>`;
    html += '</section>';
  }
  return html;
}

export function balanceRows(rows: readonly BareRow[], streams: Record<string, string>): string {
  let html = '';
  for (const row of rows.slice(0, 50)) {
    html += `<tr role="row"><td role="cell" class="chk"><input type="checkbox" class="tick" name="student" value="${row.id}" form="picked"></td><th role="rowheader" scope="row" class="name c-b"><a class="quiet" href="/fees/students/${row.id}"><b>${safe(row.surname)}</b> ${safe(row.first_name)} ${safe(row.middle_name)}</a></th>`;
    html += `<td role="cell" class="adm">${safe(row.admission_no)}</td><td role="cell" class="c-c">${row.stream_id ? safe(streams[row.stream_id]) : ''}</td><td role="cell" class="p2">${safe(row.guardian_name)} <bdi class="mute phone">${safe(row.guardian_phone)}</bdi></td>`;
    html += `<td role="cell">${safe(row['due_on'])}</td><td role="cell" class="n"><b>${safe(row['minor'])}</b></td></tr>\n`;
  }
  return html;
}

function lines(row: Record<string, unknown>): string {
  let html = '';
  for (const name in row) {
    const value = row[name];
    if (value !== null && typeof value !== 'object') html += `<span>${safe(value)}</span> `;
  }
  return html;
}
