/** `npm run test:storm` does at full size what `npm test` does at a size that everybody can wait for. */
export const STORMY = process.env.AIMS_STORM === '1';
