/**
 * For a `Select` that is typed into: what is found first is marked at once, so that a fast Enter takes it. Without the last one
 * the list, a moment after it opened, forgets which row is marked (@mantine/core 9.7.3, `updateSelectedOptionIndex`).
 */
export const SEARCHED = {
  searchable: true,
  openOnFocus: false,
  selectFirstOptionOnChange: true,
  selectFirstOptionOnDropdownOpen: true,
} as const
