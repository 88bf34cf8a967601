<%# rows, next, filter: { q, state }, query %>
<%
it.head({ title: it.t('__Title__') });
const { filter, query } = it;
const may = it.can('__name__.change');
const add = { label: it.t('New __titleOne__'), href: '/__name__/new' };
const actions = [
  it.part('forms/button', { label: it.t('Print'), href: '/__name__/print', draws: 'print' }),
  it.part('forms/button', { label: it.t('Export'), href: it.url({ format: 'xlsx' }), draws: 'down' }),
  may ? it.part('forms/button', { ...add, kind: 'primary', draws: 'plus', key: 'N' }) : '',
].join('');
const states = [{ value: 'in-use', label: it.t('In use') }, { value: 'not-in-use', label: it.t('Not in use') }];
-%>
<%- it.part('shared/page-head', { title: it.t('__Title__'), actions }) %>
<%- it.part('lists/filters', {
  action: '/__name__', target: '#__name__', q: { name: 'q', value: filter.q, label: it.t('Name') }, clear: '/__name__',
  selects: [{ name: 'state', label: it.t('State'), empty: it.t('All'), value: filter.state, options: states }],
}) %>
<div id="__name__"><% if (it.rows.length === 0 && (filter.q || filter.state)) { -%>
<%- it.part('lists/empty', {
  match: true, title: it.t('Nothing matches'), text: it.t('Try fewer letters.'),
  actions: [{ label: it.t('Clear filters'), href: '/__name__', primary: true }],
}) %><% } else if (it.rows.length === 0) { -%>
<%- it.part('lists/empty', {
  title: it.t('Nothing here yet'), text: it.t('What is added here can be chosen everywhere else.'),
  actions: may ? [{ ...add, primary: true }] : [],
}) %><% } else { %>
<table class="tbl rows" role="table"><caption class="vh"><%= it.t('__Title__') %></caption>
<%- it.part('lists/table-head', { columns: [{ label: it.t('Name') }, { label: it.t('Note') }, { label: it.t('State') }] }) %>
<tbody role="rowgroup"><% for (const row of it.rows) { %><tr role="row"><th role="rowheader" scope="row" class="c-b"><% if (may) { -%>
<a class="quiet" href="/__name__/<%= row.id %>/edit"><b><%= row.name %></b></a><% } else { %><b><%= row.name %></b><% } %></th>
<td role="cell" class="c-c"><%= row.note %></td>
<td role="cell" class="c-e"><%- row.active ? it.st('ok', it.t('In use')) : it.st('ended', it.t('Not in use')) %></td></tr><% } %></tbody></table>
<%- it.part('lists/pager', { shown: it.rows.length, first: it.rows[0].name, last: it.rows.at(-1).name, next: it.next, start: Boolean(query.cursor) }) %>
<% } %></div>
