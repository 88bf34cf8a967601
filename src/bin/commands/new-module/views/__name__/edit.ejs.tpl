<%# form, fields (inputs of the record), entry (null for a new one) %>
<%
const { form, fields, entry } = it;
const title = entry ? entry.name : it.t('New __titleOne__');
it.head({ title, wrong: form.problems.length > 0 });
-%>
<%- it.part('shared/page-head', { title, crumbs: [{ label: it.t('__Title__'), href: '/__name__' }, { label: title }] }) %>
<form class="formcol stack-6" method="post" action="<%= form.action %>">
<%- it.part('forms/form', { form }) %><%- it.part('forms/errors', { form }) %>
<% if (entry) { %><input type="hidden" name="version" value="<%= form.value('version') %>"><% } %>
<section class="sec"><%- it.part('shared/section-head', { title: it.t('__One__') }) %><div class="set">
<%- it.part('records/_field', { form, of: fields.name, width: 'w30' }) %>
<%- it.part('fields/textarea', { label: it.t('Note'), name: 'note', form, max: fields.note.most, rows: 3, optional: true }) %>
<%- it.part('records/_field', { form, of: fields.active }) %></div></section>
<div class="formfoot"><%- it.part('forms/button', { label: it.t('Save'), kind: 'primary', size: 'big' }) %>
<a class="btn plain big" href="/__name__"><%= it.t('Cancel') %></a></div></form>
<% if (entry) { %><form class="mt" method="post" action="/__name__/<%= entry.id %>/removal"><%- it.part('forms/form') %>
<button class="btn danger"><%- it.icon('bin') %><%= it.t('Remove {{name}}', { name: entry.name }) %></button></form><% } %>
