// What parts of pages hold by themselves. It comes in one file with Alpine, and only to pages that have such a part.
import { selection } from './selection.js';
import { sums } from './sums.js';

document.addEventListener('alpine:init', () => {
  window.Alpine.data('selection', selection);
  window.Alpine.data('sums', sums);
});
