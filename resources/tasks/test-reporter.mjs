// A vitest reporter that writes down, for npm test, what passed, failed and was skipped, with reasons.
import { writeFileSync } from 'node:fs';

export default class TestReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const summary = { passed: 0, failed: [], skipped: [] };
    for (const module of modules) {
      const file = module.relativeModuleId;
      if (module.errors().length > 0) summary.failed.push(`${file}: ${module.errors()[0].message}`);
      for (const suite of module.children.allSuites()) {
        for (const error of suite.errors()) summary.failed.push(`${file} > ${suite.fullName}: ${error.message}`);
      }
      for (const test of module.children.allTests()) {
        const name = `${file} > ${test.fullName}`;
        const result = test.result();
        if (result.state === 'passed') summary.passed++;
        else if (result.state === 'skipped') summary.skipped.push({ name, reason: result.note ?? null });
        else summary.failed.push(`${name}: ${result.errors?.[0]?.message?.split('\n')[0] ?? 'did not finish'}`);
      }
    }
    for (const error of unhandledErrors) summary.failed.push(`outside any test: ${error.message}`);
    const file = process.env.QUARTERDECK_TEST_SUMMARY;
    if (file) writeFileSync(file, JSON.stringify(summary));
  }
}
