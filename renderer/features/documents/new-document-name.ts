/** Where the address has a document's name, for one that has none yet; no document can be called so. */
export const newDocument = '+new';
