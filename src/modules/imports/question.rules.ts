import { Invalid } from '../../kernel/errors.js';

/** What a cell says, and what it would be read as; `day` where that is a day. */
export interface Example {
  from: string | null;
  to: string;
  day?: true;
}

export interface Choice {
  value: string;
  label: string;
  examples: Example[];
}

/** Something about a file that only a person knows. Texts are English sentences with `{{places}}`. */
export interface Question {
  /** Under which the answer is kept. */
  key: string;
  text: string;
  vars?: Record<string, string | number>;
  choices: Choice[];
  /** How the file has been read. */
  standing: string;
  /** Nothing is written before it is answered. */
  needed: boolean;
  /** What the kind needs to do as it is answered. */
  about?: unknown;
}

/** By the key of the question; kept with the mapping when the file is looked at again. */
export type Answers = Readonly<Record<string, string>>;

const MOST_ANSWERS = 50;

export function openQuestions(questions: readonly Question[], answers: Answers): Question[] {
  return questions.filter(({ key, needed }) => needed && answers[key] === undefined);
}

/** @throws Invalid for what is no answer to one of the questions */
export function withAnswers(questions: readonly Question[], known: Answers, given: Answers): Answers {
  for (const [key, value] of Object.entries(given)) {
    const question = questions.find((one) => one.key === key);
    if (!question) throw new Invalid({ [`answer.${key}`]: 'This question no longer applies. Check the file again.' });
    if (question.choices.every((one) => one.value !== value))
      throw new Invalid({ [`answer.${key}`]: 'Choose one of the answers' });
  }
  const all = { ...known, ...given };
  if (Object.keys(all).length > MOST_ANSWERS)
    throw new Invalid({ answers: 'There are more answers than questions. Open the import again.' });
  return all;
}
