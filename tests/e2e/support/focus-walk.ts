/** Walks a page by Tab, as somebody without a pointer does. */
import type { Page } from 'playwright-core'

type Box = { readonly top: number; readonly bottom: number; readonly start: number; readonly end: number }
type Step = {
  readonly name: string
  readonly landmark: number
  readonly box: Box
  /** Where the stop before it is now: reaching the next one may have scrolled the page. */
  readonly before: Box | null
  readonly isShown: boolean
  readonly isMarked: boolean
}

const MOST_STEPS = 90

/** What is wrong with the way of the focus: invisible stops, against the reading order within a landmark, or a trap. */
export async function focusFaults(page: Page): Promise<string[]> {
  await page.evaluate(() => {
    document.querySelectorAll('[data-walked]').forEach((one) => {
      one.removeAttribute('data-walked')
    })
    const first = document.createElement('span')
    first.tabIndex = -1
    document.body.prepend(first)
    first.focus()
    first.remove()
  })
  const steps: Step[] = []
  let isOut = false
  while (steps.length < MOST_STEPS && !isOut) {
    await page.keyboard.press('Tab')
    const step = await page.evaluate(standing)
    if (step === null) isOut = true
    else steps.push(step)
  }
  const faults = steps.flatMap((step, at) => faultOf(step, steps[at + 1]))
  // What is typed next is meant for the page.
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  if (steps.length === 0) faults.push('nothing can be reached by Tab')
  if (!isOut && steps.length < MOST_STEPS) faults.push('the focus does not come out again')
  return faults
}

function faultOf(step: Step, next: Step | undefined): string[] {
  const faults: string[] = []
  if (!step.isShown) faults.push(`${step.name} has the focus and is not to be seen`)
  if (!step.isMarked) faults.push(`${step.name} has the focus and nothing shows it`)
  if (next?.before && next.landmark === step.landmark) {
    const { box, before } = next
    // A column further on may begin higher up; what is before on both axes is read before.
    const isAbove = box.bottom <= before.top + 1
    const isBefore = box.start < before.end - 1
    if (isAbove && isBefore && box.end <= before.end)
      faults.push(`${next.name} is read before ${step.name} and reached after it`)
  }
  return faults
}

/** Runs in the page: where the focus is; null when it has left or come round. */
function standing(): Step | null {
  const element = document.activeElement as HTMLElement | null
  if (!element || element === document.body || element.hasAttribute('data-walked')) return null
  const last = document.querySelector<HTMLElement>('[data-walked=last]')
  last?.setAttribute('data-walked', '')
  element.setAttribute('data-walked', 'last')
  const shown = shownOf(element)
  const box = shown.getBoundingClientRect()
  const landmarks = [
    ...document.querySelectorAll(
      'nav, header, main, aside, section, form, [role=dialog], [role=grid], fieldset, table',
    ),
  ]
  const landmark = element.closest(
    'nav, header, main, aside, section, form, [role=dialog], [role=grid], fieldset, table',
  )
  const isOnScreen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
  return {
    name: `${element.tagName.toLowerCase()} “${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40)}”`,
    landmark: landmark ? landmarks.indexOf(landmark) : -1,
    box: boxOf(shown),
    before: last ? boxOf(shownOf(last)) : null,
    isShown: isOnScreen && box.width > 0 && box.height > 0,
    isMarked: isMarked(element),
  }

  /** What stands for a small input is its label. */
  function shownOf(one: HTMLElement): HTMLElement {
    const isTicked = one instanceof HTMLInputElement && ['checkbox', 'radio'].includes(one.type)
    return (isTicked && one.labels?.[0]) || one
  }

  function boxOf(one: HTMLElement): Box {
    const { top, bottom, left, right } = one.getBoundingClientRect()
    const isRtl = document.documentElement.dir === 'rtl'
    return { top, bottom, start: isRtl ? innerWidth - right : left, end: isRtl ? innerWidth - left : right }
  }

  /** An outline, a ring, or an edge in the colour of the focus, on it or on what wraps it; or something that marks its place. */
  function isMarked(focused: HTMLElement): boolean {
    const around = [focused, focused.parentElement, focused.parentElement?.parentElement, shown]
    return (
      around.some((one) => {
        if (!one) return false
        const style = getComputedStyle(one)
        if (style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0) return true
        if (style.boxShadow !== 'none') return true
        return (
          one.matches(':focus-within') && focused.matches('input, textarea, select') && style.borderTopStyle === 'solid'
        )
      }) ||
      focused.querySelector('[data-cursor]') !== null ||
      changesWithin(focused)
    )
  }

  /** Whether the focus is drawn by something inside: without it, that looks otherwise. */
  function changesWithin(focused: HTMLElement): boolean {
    const looks = (): string =>
      [...focused.querySelectorAll('*')]
        .map((one) => getComputedStyle(one))
        .map(({ boxShadow, outline, borderColor }) => boxShadow + outline + borderColor)
        .join()
    const withFocus = looks()
    focused.blur()
    const without = looks()
    focused.focus({ preventScroll: true })
    return withFocus !== without
  }
}
