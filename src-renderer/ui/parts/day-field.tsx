import { DateInput, type DateInputProps } from '@mantine/dates'
import classes from './day-field.module.css'

/** A field for a day, typed or picked; it looks like the other fields of a form. */
export const DayField = (props: DateInputProps) => (
  <DateInput
    size="sm"
    valueFormat="D MMM YYYY"
    classNames={{ label: classes.label, input: classes.input }}
    {...props}
  />
)
