// A vitest reporter that writes down, for npm test, what passed, failed and was skipped in each file, with reasons.
import { writeFileSync } from 'node:fs';

export default class TestReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const files = {};
    for (const module of modules) {
      const file = module.relativeModuleId;
      const told = { passed: 0, failed: [], skipped: [] };
      files[file] = told;
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
    }
    const outside = unhandledErrors.map((error) => `outside any test: ${error.message}`);
    const summary = process.env.QUARTERDECK_TEST_SUMMARY;
    if (summary) writeFileSync(summary, JSON.stringify({ files, outside }));
  }
}
