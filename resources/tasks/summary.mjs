// The last words of npm test.

/**
 * Prints what was skipped (by reason), what passed only at its second try, what failed, and one plain line of counts at
 * the very end; returns the exit code.
 * A skip without a reason counts as a failure: nobody would notice it otherwise.
 */
export function printSummary({ passed, failed, skipped, unsteady = [] }, print = console.log) {
  const namesByReason = new Map();
  const failures = [...failed];
  for (const { name, reason } of skipped) {
    if (reason) namesByReason.set(reason, [...(namesByReason.get(reason) ?? []), name]);
    else failures.push(`${name}: skipped without a reason`);
  }
  if (namesByReason.size > 0) print('\nSkipped:');
  for (const [reason, names] of namesByReason) print(`  ${reason}\n${names.map((name) => `    ${name}`).join('\n')}`);
  if (unsteady.length > 0) print(`\nPassed only at the second try:\n${unsteady.map((name) => `  ${name}`).join('\n')}`);
  if (failures.length > 0) print(`\nFailed:\n${failures.map((name) => `  ${name}`).join('\n')}`);
  const skips = [...namesByReason.values()].flat().length;
  print(`\n${passed} passed, ${failures.length} failed, ${skips} skipped`);
  return failures.length > 0 ? 1 : 0;
}
