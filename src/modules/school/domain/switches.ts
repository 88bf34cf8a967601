/** Parts of the product that a school can do without. What isn't listed is always on. */
export const SWITCHES = [
  { module: 'admissions', label: 'Admissions', about: 'Applications, interviews and offers' },
  { module: 'attendance', label: 'Attendance', about: 'Registers, lateness and absences' },
  { module: 'timetable', label: 'Timetable', about: 'Lessons, rooms and cover' },
  { module: 'exams', label: 'Exams', about: 'Marks, report cards and results' },
  { module: 'fees', label: 'Fees', about: 'Bills, receipts and statements' },
  { module: 'finance', label: 'Finance', about: 'Ledger, expenses and budgets' },
  { module: 'library', label: 'Library', about: 'Books, loans and fines' },
  { module: 'clubs', label: 'Clubs', about: 'Clubs, games and their members' },
  { module: 'meal-plans', label: 'Meals', about: 'Menus, plans and who ate' },
  { module: 'health-wellness', label: 'Clinic', about: 'Visits, conditions and medicine' },
  { module: 'calendar', label: 'Calendar', about: 'Events and reminders' },
  { module: 'templates', label: 'Letters', about: 'Letters and certificates from templates' },
  { module: 'guardian-portal', label: 'Guardians’ pages', about: 'What parents see on their phones' },
] as const;

export type SwitchableModule = (typeof SWITCHES)[number]['module'];

export const SWITCHABLE = SWITCHES.map((entry) => entry.module) as [SwitchableModule, ...SwitchableModule[]];
