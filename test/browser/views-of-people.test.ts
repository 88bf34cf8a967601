import { lookAtViews } from './looking.js';

lookAtViews('people');
