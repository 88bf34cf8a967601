import { Invalid } from '../../../kernel/errors.js';

/** A name or code that is there already becomes a sentence at its field; the database alone decides who was first. */
export async function orTaken<Result>(work: Promise<Result>, field: string, sentence: string): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '23505') throw new Invalid({ [field]: sentence });
    throw error;
  }
}
