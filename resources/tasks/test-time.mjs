// How long npm test may take, so that it ends with its counts on a slow machine too, where a CI would just cut it off.

const minutes = Number(process.env.QUARTERDECK_TEST_MINUTES) || 84;

/** Of the whole: when a kind of tests begins its last file, when it tries again at the latest, and when it is ended come what may. */
const shares = {
  unit: { last: 0.3, again: 0.3, end: 0.4 },
  integration: { last: 0.5, again: 0.62, end: 0.72 },
  e2e: { last: 0.9, again: 0.93, end: 1 },
};

/** These moments of a run that began at `started`; all are milliseconds since 1970. */
export function timesOf(project, started) {
  const at = (share) => Math.round(started + share * minutes * 60_000);
  const { last, again, end } = shares[project];
  return { last: at(last), again: at(again), end: at(end) };
}
