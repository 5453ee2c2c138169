/** A form as data: what each field is called, how it is typed, and what it means. */
export type Choice = { readonly value: string; readonly label: string }

type Common = {
  readonly name: string
  readonly label: string
  /** What it does, where the label alone does not say it. */
  readonly about?: string
  /** Starts a new part of the form under this heading. */
  readonly heading?: string
  readonly required?: boolean
}

export type FieldSpec = Common &
  (
    | { readonly kind: 'text'; readonly lines?: number; readonly hint?: string }
    /** A whole number; `unit` is written behind it. */
    | { readonly kind: 'number'; readonly unit?: string }
    | { readonly kind: 'time' | 'date' | 'switch' }
    /** With `none`, nothing chosen stands for null and is called so. */
    | { readonly kind: 'choice'; readonly choices: readonly Choice[]; readonly none?: string }
    /** `none` is what an empty list means. */
    | { readonly kind: 'many'; readonly choices: readonly Choice[]; readonly none?: string }
    /** Short words, separated by commas. */
    | { readonly kind: 'words'; readonly hint?: string }
  )

export type FormValues = Readonly<Record<string, unknown>>
/** Field name → what is wrong with it, in words. */
export type FieldErrors = Readonly<Record<string, string>>
