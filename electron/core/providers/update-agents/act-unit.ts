/** The unit that an act runs as where it lasts: one at a time on a host, and seen there by whoever reads the agent. */
export const actUnit = 'quarterdeck-update.service';
