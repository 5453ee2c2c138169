/** A telephone held upright, and what a thumb can hit on it. */
import type { Page } from 'playwright-core'

export const PHONE = { width: 390, height: 844 } as const
/** WCAG 2.2, 2.5.5 (enhanced): what the app for patients keeps to. */
const LEAST_PX = 44

/** What can be pressed and is smaller than a thumb, as its name and size; a field that stands in a label is pressed by the label. */
export function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate((least) => {
    const pressed =
      'button, a[href], input, select, textarea, summary, [role="button"], [role="tab"], [role="option"], [role="menuitem"]'
    const isSeen = (element: Element): boolean =>
      element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
      element.closest('[aria-hidden="true"], .visually-hidden, [inert]') === null
    return [...document.querySelectorAll<HTMLElement>(pressed)].filter(isSeen).flatMap((element) => {
      const isTicked = element instanceof HTMLInputElement && ['checkbox', 'radio'].includes(element.type)
      const label = isTicked ? element.labels?.[0] : undefined
      const box = (label ?? element).getBoundingClientRect()
      // Half a pixel of rounding is nobody's missed tap.
      if (box.width + 0.5 >= least && box.height + 0.5 >= least) return []
      const name = element.getAttribute('aria-label') ?? element.textContent?.trim() ?? element.tagName
      return [`${element.tagName} ${name.slice(0, 40)}: ${Math.round(box.width)} x ${Math.round(box.height)}`]
    })
  }, LEAST_PX)
}

/** Pixels by which the page is wider than the screen: nobody reads a page sideways. */
export const sidewaysOverflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
