/** The only channels between the page and the main process; both directions carry one JSON text. */
export const portChannels = {
  /** Page to main: a page (or a page that was cut off) starts a new line. */
  open: 'quarterdeck:port-open',
  /** Both ways. */
  text: 'quarterdeck:port-text',
  /** Main to page: the line has ended, with the reason. */
  close: 'quarterdeck:port-close',
} as const;
