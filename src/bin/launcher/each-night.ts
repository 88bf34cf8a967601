import { StopReason } from './stop-reason.js';

/** `02:30` by the clock of this machine → in how many ms it is so late next. @throws StopReason */
export function msUntil(time: string, now: Date): number {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) ?? [];
  if (!hours || !minutes) throw new StopReason(`AIMS_DEMO_RESET must be a time of the day such as 02:30, not "${time}".`);
  const next = new Date(now);
  next.setHours(Number(hours), Number(minutes), 0, 0);
  if (next <= now) next.setDate(next.getDate() + 1);
  return next.getTime() - now.getTime();
}

/** Does the work at this time of each day. One night’s failure is told and doesn’t end the others. Returns how to end it; who ends it also ends what is under way. */
export function eachNight(time: string, work: () => Promise<void>, onError: (error: unknown) => void): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    timer = setTimeout(
      () => {
        void work()
          .catch((error: unknown) => stopped || onError(error))
          .finally(() => stopped || wait());
      },
      msUntil(time, new Date()),
    );
  };
  wait();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
