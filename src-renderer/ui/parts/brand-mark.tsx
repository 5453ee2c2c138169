/** The product's mark: a day with one visit in it. */
export function BrandMark({ size = 28 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 28 28" fill="none" aria-hidden="true">
      <rect x="3" y="4" width="22" height="21" rx="5" stroke="var(--accent-ink)" strokeWidth="1.75" />
      <path d="M3.5 10.5h21M9.5 2v4M18.5 2v4" stroke="var(--accent-ink)" strokeWidth="1.75" strokeLinecap="round" />
      <rect x="8" y="14.25" width="9" height="3" rx="1.5" fill="var(--accent-ink)" />
      <rect x="8" y="19" width="5" height="3" rx="1.5" fill="var(--accent-ink)" opacity="0.35" />
    </svg>
  )
}
