/** What can be measured on a page and axe does not look at. Each runs in the page and answers sentences; none is the aim. */

/**
 * Targets below 24 by 24 pixels that have another within reach (WCAG 2.2, 2.5.8); text links and hidden inputs do not count. Nor do
 * the cards of a board: a visit of ten minutes is as tall as ten minutes, and the list of the same day is the equal route.
 */
export function smallTargets(part: string): string[] {
  const LEAST = 24
  const all = [
    ...document.querySelectorAll<HTMLElement>(
      `:is(${part}) :is(button, a[href], select, input, textarea, summary, [role=option], [role^=menuitem], [role=tab], [role=switch]):not([aria-hidden=true])`,
    ),
  ]
  const targets = all.flatMap((element) => {
    // What stands for a small input is its label.
    const shown = element.matches('input') ? (element.closest('label') ?? element) : element
    const box = shown.getBoundingClientRect()
    const isSeen = element.checkVisibility({ opacityProperty: true }) && box.width > 1 && box.height > 1
    return isSeen ? [{ element, box }] : []
  })
  const reaches = (a: DOMRect, b: DOMRect): boolean => {
    const [x, y] = [a.x + a.width / 2, a.y + a.height / 2]
    const [dx, dy] = [Math.max(b.left - x, 0, x - b.right), Math.max(b.top - y, 0, y - b.bottom)]
    return Math.hypot(dx, dy) < LEAST / 2
  }
  return targets
    .filter(({ box }) => Math.min(box.width, box.height) < LEAST - 0.5)
    .filter(({ element }) => getComputedStyle(element).display !== 'inline')
    .filter(({ element, box }) =>
      targets.some(({ element: other, box: near }) => {
        return !element.contains(other) && !other.contains(element) && reaches(box, near)
      }),
    )
    .map(({ element, box }) => {
      const name = element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 40) ?? ''
      return `${element.tagName.toLowerCase()} “${name}” is ${Math.round(box.width)} by ${Math.round(box.height)}`
    })
}

/** Text that is cut without an ellipsis, stands outside its button, or lies over other text; and a page that scrolls sideways. */
export function brokenTexts(part: string): string[] {
  const SLACK = 1.5
  const found: string[] = []
  if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways')
  const root = document.querySelector(part) ?? document.body
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  const seen: { readonly box: DOMRect; readonly element: Element; readonly text: string }[] = []
  while (walker.nextNode()) {
    const node = walker.currentNode
    const element = node.parentElement
    const text = node.textContent?.trim() ?? ''
    if (!element || text === '' || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
      continue
    if (element.closest('.visually-hidden, [aria-hidden=true] svg, script, style, [role=grid]')) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    const box = range.getBoundingClientRect()
    if (box.width < 1) continue
    const trouble = cutBy(element, box)
    if (trouble) found.push(`“${text.slice(0, 60)}” ${trouble}`)
    else if (trouble === null) seen.push({ box, element, text })
  }
  return [...found, ...overlaps()]

  /** Why the text is not all there; undefined where it may be cut or is scrolled away, null where it is whole. */
  function cutBy(element: Element, box: DOMRect): string | null | undefined {
    for (let each: Element | null = element; each && each !== document.documentElement; each = each.parentElement) {
      const style = getComputedStyle(each)
      const room = each.getBoundingClientRect()
      const isOutX = box.left < room.left - SLACK || box.right > room.right + SLACK
      const isOutY = box.top < room.top - SLACK || box.bottom > room.bottom + SLACK
      if (/auto|scroll/.test(style.overflowX + style.overflowY) && (isOutX || isOutY)) return undefined
      const isClipping = style.overflowX === 'hidden' || style.overflowX === 'clip'
      if (isClipping && (style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none')) {
        if (isOutX || isOutY) return undefined
      }
      if (isClipping && isOutX) return `is cut by .${String(each.className).slice(0, 50)}`
      if (each.matches('button') && (isOutX || isOutY)) return 'stands outside its button'
    }
    return null
  }

  function stickyAbove(element: Element): Element | null {
    for (let each: Element | null = element; each; each = each.parentElement)
      if (getComputedStyle(each).position === 'sticky') return each
    return null
  }

  function overlaps(): string[] {
    return seen.flatMap((a, at) =>
      seen.slice(at + 1).flatMap((b) => {
        const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left)
        const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top)
        // Lines of one paragraph share a box around it; only other elements can lie over a text.
        const isApart = !a.element.contains(b.element) && !b.element.contains(a.element)
        const isSameBlock =
          a.element.closest('p, h1, h2, h3, li, dd, label, button') ===
          b.element.closest('p, h1, h2, h3, li, dd, label, button')
        // A bar that stays while a list is scrolled lies over the lines that pass under it.
        const isUnderBar = stickyAbove(a.element) !== stickyAbove(b.element)
        return isApart && !isSameBlock && !isUnderBar && across > 4 && down > 4
          ? [`“${a.text.slice(0, 40)}” lies over “${b.text.slice(0, 40)}”`]
          : []
      }),
    )
  }
}
