/** One person's way in, as it is printed. */
export interface Slip {
  staffId: string;
  name: string;
  note: string;
  /** Null where the phone is shared: a code comes to it, there is no password. */
  login: string | null;
  phone: string | null;
  password: string | null;
}

export interface SlipBatch {
  slips: Slip[];
  madeAt: string;
  until: string;
}

/** How long the slips of a batch can be printed. Long enough for a paper jam, short enough to be gone before lunch. */
export const SLIP_MINUTES = 10;
