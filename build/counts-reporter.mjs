// A vitest reporter that writes what `npm test` sums up: how many passed, which failed with what, and why the others were
// skipped.
import { writeFileSync } from 'node:fs'

/**
 * Each failure has a name and its message, and the file it is in, where there is one.
 * @typedef {{ name: string, message: string, file?: string }} Failed
 * A skipped test without a note has its reason in its name.
 * @typedef {{ passed: number, failed: Failed[], skipped: { name: string, reason: string }[] }} Counts
 */

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

/** @typedef {{ message?: string, stack?: string, diff?: string }} Told */

/** Message, own lines of the stack and difference. @param {ReadonlyArray<Told> | undefined} errors */
function messageOf(errors) {
  return (errors ?? [])
    .flatMap(({ message, stack, diff }) => [stack ?? message ?? '', diff ?? ''])
    .join('\n')
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at .*(node_modules|new Promise)/.test(line))
    .join('\n')
}

/**
 * A file that cannot be loaded and an error outside any test count as one failure each: neither has a test to its name.
 * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
 * @param {ReadonlyArray<unknown>} unhandled
 * @returns {Counts}
 */
function countsOf(modules, unhandled) {
  /** @type {Counts} */
  const counts = {
    passed: 0,
    failed: unhandled.map((error) => ({
      name: 'outside any test',
      message: messageOf([/** @type {Told} */ (error)]),
    })),
    skipped: [],
  }
  for (const module of modules) {
    const file = module.relativeModuleId
    let failedHere = false
    for (const test of module.children.allTests()) {
      const result = test.result()
      const name = `${file} > ${test.fullName}`
      if (result.state === 'passed') counts.passed++
      else if (result.state === 'skipped') counts.skipped.push({ name, reason: result.note ?? '' })
      else {
        failedHere = true
        counts.failed.push({ name, message: messageOf(result.errors), file })
      }
    }
    if (module.state() === 'failed' && !failedHere)
      counts.failed.push({ name: file, message: messageOf(module.errors()), file })
  }
  return counts
}

// biome-ignore lint/style/noDefaultExport: vitest takes a reporter from a file's default export.
export default CountsReporter
