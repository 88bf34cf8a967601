import { lookAtViews } from './looking.js';

lookAtViews('money');
