// How long npm test may take, so that it ends with its counts on a slow machine too, where a CI would just cut it off.

const minutes = Number(process.env.QUARTERDECK_TEST_MINUTES) || 84;

/** Of the whole: when a kind of tests begins its last file, and when it is ended come what may. */
const shares = {
  unit: { last: 0.4, end: 0.4 },
  integration: { last: 0.56, end: 0.7 },
  e2e: { last: 0.9, end: 1 },
};

/** These moments of a run that began at `started`; all are milliseconds since 1970. */
export function timesOf(project, started) {
  const at = (share) => Math.round(started + share * minutes * 60_000);
  const { last, end } = shares[project];
  return { last: at(last), end: at(end) };
}
