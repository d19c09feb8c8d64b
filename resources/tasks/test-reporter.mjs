// A vitest reporter that writes down, for npm test, what passed, failed and was skipped in each file, with reasons.
import { writeFileSync } from 'node:fs';

export default class TestReporter {
  files = {};

  /** After each file, so that a run that is cut off leaves what it came to. */
  onTestModuleEnd(module) {
    this.files[module.relativeModuleId] = whatCameOf(module);
    this.#write([]);
  }

  onTestRunEnd(modules, unhandledErrors) {
    for (const module of modules) this.files[module.relativeModuleId] = whatCameOf(module);
    this.#write(unhandledErrors.map((error) => `outside any test: ${error.message}`));
  }

  #write(outside) {
    const summary = process.env.QUARTERDECK_TEST_SUMMARY;
    if (summary) writeFileSync(summary, JSON.stringify({ files: this.files, outside }));
  }
}

function whatCameOf(module) {
  const file = module.relativeModuleId;
  const told = { passed: 0, failed: [], skipped: [] };
  if (module.errors().length > 0) told.failed.push(`${file}: ${module.errors()[0].message}`);
  for (const suite of module.children.allSuites()) {
    for (const error of suite.errors()) told.failed.push(`${file} > ${suite.fullName}: ${error.message}`);
  }
  for (const test of module.children.allTests()) {
    const name = `${file} > ${test.fullName}`;
    const result = test.result();
    if (result.state === 'passed') told.passed++;
    else if (result.state === 'skipped') told.skipped.push({ name, reason: result.note ?? null });
    else told.failed.push(`${name}: ${result.errors?.[0]?.message?.split('\n')[0] ?? 'did not finish'}`);
  }
  return told;
}
