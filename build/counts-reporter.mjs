// A vitest reporter that writes what `npm test` sums up: how many passed and failed, and why the others were skipped.
import { writeFileSync } from 'node:fs'

/** @typedef {{ passed: number, failed: number, skipped: { name: string, reason: string }[] }} Counts without a note the reason stands in the name */

/** The file it writes is named by COUNTS_FILE. */
export class CountsReporter {
  /**
   * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
   * @param {ReadonlyArray<unknown>} unhandled errors outside any test
   */
  onTestRunEnd(modules, unhandled) {
    const file = process.env.COUNTS_FILE
    if (file) writeFileSync(file, JSON.stringify(countsOf(modules, unhandled)))
  }
}

/**
 * A file that cannot be loaded and an error outside any test count as one failure each: neither has a test to its name.
 * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
 * @param {ReadonlyArray<unknown>} unhandled
 * @returns {Counts}
 */
function countsOf(modules, unhandled) {
  /** @type {Counts} */
  const counts = { passed: 0, failed: unhandled.length, skipped: [] }
  for (const module of modules) {
    let failedHere = 0
    for (const test of module.children.allTests()) {
      const result = test.result()
      if (result.state === 'passed') counts.passed++
      else if (result.state === 'skipped') {
        counts.skipped.push({
          name: `${module.relativeModuleId} > ${test.fullName}`,
          reason: result.note ?? '',
        })
      } else failedHere++
    }
    if (module.state() === 'failed' && failedHere === 0) failedHere = 1
    counts.failed += failedHere
  }
  return counts
}

// biome-ignore lint/style/noDefaultExport: vitest takes a reporter from a file's default export.
export default CountsReporter
