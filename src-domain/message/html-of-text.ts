/**
 * The HTML half of an e-mail, made from the text that was already rendered, so that both halves say the same. Everything is
 * escaped, nothing is loaded from elsewhere, and only addresses that are safe to open become links.
 */

export type HtmlContext = {
  /** BCP 47; says how the text is read out and which way it runs. */
  readonly language: string
  readonly title: string
}

/** A whole document: empty lines part paragraphs, single line breaks stay. */
export function htmlOfText(text: string, { language, title }: HtmlContext): string {
  const paragraphs = text
    .trim()
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => `<p style="margin:0 0 1em">${paragraph.split('\n').map(withLinks).join('<br>\n')}</p>`)
  const direction = isRightToLeft(language) ? 'rtl' : 'ltr'
  return [
    '<!doctype html>',
    `<html lang="${escapedHtml(language)}" dir="${direction}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapedHtml(title)}</title>`,
    '</head>',
    '<body style="margin:0;padding:24px;font:16px/1.5 sans-serif;color:#1b1b1b;background:#ffffff">',
    // Many mail programs drop the outer elements, so the block says language and direction again.
    `<div lang="${escapedHtml(language)}" dir="${direction}" style="max-width:36em">`,
    ...paragraphs,
    '</div>',
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

/** A full stop or bracket after an address belongs to the sentence. */
const ADDRESS = /https?:\/\/[^\s<>"'`]+?(?=[.,;:!?)\]]*(?:[\s<>"'`]|$))/g
const LOOPBACK = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?([/?#]|$)/
/** No user name before the host, because that is how one site is made to look like another. */
const SECURE = /^https:\/\/(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:[0-9]{1,5})?([/?#]|$)/

function withLinks(line: string): string {
  let html = ''
  let end = 0
  for (const match of line.matchAll(ADDRESS)) {
    const [address] = match
    if (!SECURE.test(address) && !LOOPBACK.test(address)) continue
    const shown = escapedHtml(address)
    html += `${escapedHtml(line.slice(end, match.index))}<a href="${shown}">${shown}</a>`
    end = match.index + address.length
  }
  return html + escapedHtml(line.slice(end))
}

const MARKS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escapedHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (mark) => MARKS[mark] ?? mark)

const isRightToLeft = (language: string): boolean =>
  /^(ar|arc|ckb|dv|fa|he|ks|ps|sd|ug|ur|yi)(-|$)/i.test(language) && !/-latn/i.test(language)
