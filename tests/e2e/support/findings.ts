/** What axe finds on the page, in both schemes. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Tab } from './client.ts'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** Findings in light and in dark, as rule, place and what was measured there. @param part what to look at; all by default */
export async function findingsOf({ page }: Pick<Tab, 'page'>, part = 'html'): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await showIn(page, colorScheme)
    const look = () => new AxeBuilder({ page }).include(part).withTags(TAGS).analyze()
    let { violations } = await look()
    if (violations.some(({ id }) => id === 'color-contrast')) {
      // Where a colour was still on its way from one scheme to the other, it has arrived by now.
      await settled(page)
      violations = (await look()).violations
    }
    for (const { id, nodes } of violations) {
      for (const { target, any, html } of nodes) {
        const place = target.join(' ')
        if (id === 'target-size' && (await isFreeOnceScrolledTo(page, place))) continue
        found.push(`${colorScheme} ${id}: ${place}: ${any[0]?.message ?? ''}: ${html.slice(0, 300)}`)
      }
    }
  }
  await showIn(page, 'light')
  return found
}

/** Half under the bar below a list, a target is not small: it is scrolled to, and free then from corner to corner. */
function isFreeOnceScrolledTo(page: Tab['page'], place: string): Promise<boolean> {
  const EDGE = 2
  return page.evaluate(
    ({ selector, edge }) => {
      const element = document.querySelector(selector)
      if (!element) return false
      element.scrollIntoView({ block: 'nearest' })
      const { left, right, top, bottom } = element.getBoundingClientRect()
      if (right - left < 24 || bottom - top < 24) return false
      return [left + edge, right - edge].every((x) =>
        [top + edge, bottom - edge].every((y) => element.contains(document.elementFromPoint(x, y))),
      )
    },
    { selector: place, edge: EDGE },
  )
}

/** Waits until the page has followed: in between, ink of one scheme stands on the ground of the other. */
async function showIn(page: Tab['page'], colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme })
  await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor()
  await settled(page)
}

/** Waits for two frames and for every transition that comes to an end. */
const settled = (page: Tab['page']): Promise<unknown> =>
  page.evaluate(async () => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(null))))
    const ending = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity)
    await Promise.allSettled(ending.map(({ finished }) => finished))
  })
