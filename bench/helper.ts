import type { ChildProcess } from 'node:child_process';

/** The next message of a helper. @throws Error when it says that it failed, or ends before it has answered */
export function answerOf<Answer>(child: ChildProcess, name: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null, signal: NodeJS.Signals | null): void =>
      reject(new Error(`The ${name} of the bench ended with ${signal ?? code} before it answered.`));
    child.once('exit', ended);
    child.once('message', (answer: Answer | { failed: string }) => {
      child.off('exit', ended);
      if (typeof answer === 'object' && answer !== null && 'failed' in answer) reject(new Error(answer.failed));
      else resolve(answer as Answer);
    });
  });
}
