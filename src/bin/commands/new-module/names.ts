/** Every spelling of one module's name that the templates ask for, as `__Plural__`. */
export interface Names extends Record<string, string> {
  /** `meal-plans` */
  name: string;
  /** `meal-plan` */
  file: string;
  /** `meal_plans` */
  table: string;
  /** `mealPlans` */
  const: string;
  /** `mealPlan` */
  fileConst: string;
  /** `MealPlans` */
  Plural: string;
  /** `MealPlan` */
  Type: string;
  /** `MEAL_PLANS` */
  TOKEN: string;
  /** `MEAL_PLAN` */
  TYPE: string;
  /** `Meal plans` */
  Title: string;
  /** `meal plans` */
  title: string;
  /** `Meal plan` */
  One: string;
  /** `meal plan` */
  titleOne: string;
}

export const NAME = /^[a-z]{3}[a-z0-9]*(-[a-z][a-z0-9]*)*$/;
export const LONGEST = 30;

/** Words of the language and of the code that a module is made of; none of them can be a name beside them. */
const WORDS =
  `abstract any await boolean break case catch class const continue debugger declare default delete else enum export extends false
  finally for from function get implements import instanceof interface let namespace never new null number object package private protected
  public require return school set static string super switch symbol this throw true try type typeof undefined unknown var void while with yield
  all audit command flag fold module pages record routes rows text token`.split(/\s+/);
const TYPES =
  `Actor AuditTrail Changed Column Conflict Error Form Invalid Map Model Module New NotFound Page PrintContext Promise Request Row
  SchoolApi Set Unit Doing Given Filled Rows RowOf Printed Out`.split(/\s+/);

/** @returns null for a name that means something else in the code already. */
export function namesOf(name: string): Names | null {
  const constant = camel(name);
  if (WORDS.includes(constant)) return null;
  const Plural = pascal(constant);
  const singular = singularOf(name);
  const ownWord = singular !== name && !TYPES.includes(pascal(camel(singular))) && !WORDS.includes(singular);
  const file = ownWord ? singular : `${name}-entry`;
  return {
    name,
    file,
    table: name.replaceAll('-', '_'),
    const: constant,
    fileConst: camel(file),
    Plural,
    Type: pascal(camel(file)),
    TOKEN: name.replaceAll('-', '_').toUpperCase(),
    TYPE: file.replaceAll('-', '_').toUpperCase(),
    Title: sentence(name),
    title: name.replaceAll('-', ' '),
    One: sentence(file),
    titleOne: file.replaceAll('-', ' '),
  };
}

/** English as it is mostly spelt; a word without a plural of its own comes back as it is. */
function singularOf(name: string): string {
  if (/(ss|us|is)$/.test(name)) return name;
  if (/ies$/.test(name)) return name.replace(/ies$/, 'y');
  if (/(ss|sh|ch|x|z)es$/.test(name)) return name.replace(/es$/, '');
  return name.replace(/s$/, '');
}

function camel(name: string): string {
  return name.replace(/-(\w)/g, (_all, letter: string) => letter.toUpperCase());
}

function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function sentence(name: string): string {
  return pascal(name.replaceAll('-', ' '));
}

export function fill(template: string, words: Record<string, string>): string {
  return template.replace(/__([A-Za-z]+)__/g, (whole, word: string) => words[word] ?? whole);
}
