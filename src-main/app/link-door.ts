import { type DeepLink, LINK_SCHEME, parseDeepLink } from '#domain/commands/deep-link.ts'

export type LinkDoor = {
  /** A link the system handed over. Another one that still waits gives way: people want what they clicked last. */
  readonly offer: (text: string) => void
  /** The link among the arguments of a start, where there is one. */
  readonly offerFrom: (argv: readonly string[]) => void
  /** Gives the waiting link away, once. */
  readonly take: () => DeepLink | null
}

type Options = {
  /** A link waits now; whoever is able to open it takes it. */
  readonly onLink: () => void
  readonly log: (line: string) => void
}

/**
 * Where links wait for a page that can open them: behind the lock and before the log-in none can, so the page takes the link
 * when its data is open. What is refused is logged without a word of it, because anybody may have written it.
 */
export function createLinkDoor({ onLink, log }: Options): LinkDoor {
  let waiting: DeepLink | null = null
  return {
    offer,
    offerFrom: (argv) => {
      const links = argv.filter((argument) => argument.toLowerCase().startsWith(`${LINK_SCHEME}:`))
      // A system hands over one link; several in a start come from somewhere else.
      if (links.length > 1) log('links were refused: more than one in a start')
      else if (links[0] !== undefined) offer(links[0])
    },
    take: () => {
      const taken = waiting
      waiting = null
      return taken
    },
  }

  function offer(text: string): void {
    const link = parseDeepLink(text)
    if (link) {
      waiting = link
      onLink()
    } else log('a link was refused: it leads nowhere in this app')
  }
}
