// What every page can do beside htmx. All listen on the document, so that swapped content needs no start-up.
import './behaviours/alpine.js';
import './behaviours/busy.js';
import './behaviours/dates.js';
import './behaviours/density.js';
import './behaviours/filters.js';
import './behaviours/guard.js';
import './behaviours/keys.js';
import './behaviours/mistakes.js';
import './behaviours/overlays.js';
import './behaviours/palette.js';
import './behaviours/rail.js';
import './behaviours/session.js';
import './behaviours/tables.js';
import './behaviours/tabs.js';
import './behaviours/trouble.js';

document.documentElement.classList.add('js');
