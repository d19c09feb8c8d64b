import { createContext } from 'react';

/** Whether a form is only looked at. */
export const ReadOnlyForm = createContext(false);
