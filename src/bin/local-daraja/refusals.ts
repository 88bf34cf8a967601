import { addressProblem, LONGEST_DESCRIPTION, LONGEST_REFERENCE } from '../../modules/payments/operations.js';

/** What Daraja answers instead of doing what was asked. */
export interface Refusal {
  status: number;
  errorCode: string;
  errorMessage: string;
}

export type Body = Record<string, unknown>;

const bad = (what: string): Refusal => ({ status: 400, errorCode: '400.002.02', errorMessage: `Bad Request - Invalid ${what}` });
const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

export const INVALID_TOKEN: Refusal = { status: 404, errorCode: '404.001.03', errorMessage: 'Invalid Access Token' };
export const WRONG_PASSWORD: Refusal = { status: 500, errorCode: '500.001.1001', errorMessage: 'Wrong credentials' };
export const STILL_PROCESSING: Refusal = {
  status: 500,
  errorCode: '500.001.1001',
  errorMessage: 'The transaction is being processed',
};
export const OPEN_PROMPT: Refusal = {
  status: 500,
  errorCode: '500.001.1001',
  errorMessage: 'Unable to lock subscriber, a transaction is already in process for the current subscriber',
};
export const NO_SUCH_PROMPT: Refusal = { status: 500, errorCode: '500.001.1001', errorMessage: 'The transaction does not exist' };

/** What is wrong with a prompt, in the order in which the real one looks. */
export function pushRefusal(body: Body, production: boolean): Refusal | null {
  if (!/^\d{5,7}$/.test(text(body.BusinessShortCode))) return bad('BusinessShortCode');
  if (!/^\d{14}$/.test(text(body.Timestamp))) return bad('Timestamp');
  if (!/^[1-9]\d*$/.test(text(body.Amount))) return bad('Amount');
  if (!/^254(7|1)\d{8}$/.test(text(body.PhoneNumber)) || body.PartyA !== body.PhoneNumber) return bad('PhoneNumber');
  if (body.TransactionType !== 'CustomerPayBillOnline' && body.TransactionType !== 'CustomerBuyGoodsOnline')
    return bad('TransactionType');
  const reference = text(body.AccountReference);
  if (reference === '' || reference.length > LONGEST_REFERENCE) return bad('AccountReference');
  const description = text(body.TransactionDesc);
  if (description === '' || description.length > LONGEST_DESCRIPTION) return bad('TransactionDesc');
  return addressRefusal(body.CallBackURL, 'CallBackURL', production);
}

export function addressRefusal(url: unknown, name: string, production: boolean): Refusal | null {
  return URL.canParse(text(url)) && addressProblem(text(url), production) === null ? null : bad(name);
}
