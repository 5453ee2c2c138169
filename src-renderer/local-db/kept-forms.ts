/**
 * What is being typed into a form, so that locking the screen or giving the computer to a colleague costs nobody a word: one note in the
 * person's own local database, encrypted as everything that names people, and gone when the form is done or given up. Nothing of it
 * stays in memory while the screen is locked.
 */
import type { NoteDatabase } from './live-note.ts'

const NOTE = 'kept-forms'

/** Fields by form; values are plain data. */
type Fields = { readonly [field: string]: unknown }
type Kept = { readonly [form: string]: Fields }

export class KeptForms {
  readonly #database: NoteDatabase
  #kept: Kept
  #isWriting = false
  #isDirty = false

  private constructor(database: NoteDatabase, kept: Kept) {
    this.#database = database
    this.#kept = kept
  }

  static async open(database: NoteDatabase): Promise<KeptForms> {
    const note = await database.getLocal(NOTE)
    return new KeptForms(database, (note?.get('forms') as Kept | undefined) ?? {})
  }

  get(form: string, field: string): unknown {
    return this.#kept[form]?.[field]
  }

  set(form: string, field: string, value: unknown): void {
    this.#kept = { ...this.#kept, [form]: { ...this.#kept[form], [field]: value } }
    void this.#write()
  }

  /** The form is done, or given up. */
  drop(form: string): void {
    if (!(form in this.#kept)) return
    this.#kept = Object.fromEntries(Object.entries(this.#kept).filter(([name]) => name !== form))
    void this.#write()
  }

  /** One write at a time; what was typed meanwhile goes with the next. */
  async #write(): Promise<void> {
    this.#isDirty = true
    if (this.#isWriting) return
    this.#isWriting = true
    try {
      while (this.#isDirty) {
        this.#isDirty = false
        await this.#database.upsertLocal(NOTE, { forms: this.#kept })
      }
    } catch {
      // The database is closed under a form whose person is leaving: what was written before stands.
    } finally {
      this.#isWriting = false
    }
  }
}
