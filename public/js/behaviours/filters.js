// An address shows only the filters that are used.
document.addEventListener('formdata', (event) => {
  if (!event.target.matches('form.filters')) return;
  for (const [name, value] of [...event.formData]) if (value === '') event.formData.delete(name);
});
