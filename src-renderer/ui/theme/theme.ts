/** Mantine in our colours: its variables point at the tokens, so that a colour is decided in tokens.css and nowhere else. */
import {
  ActionIcon,
  Badge,
  Button,
  Checkbox,
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  Kbd,
  type MantineColorsTuple,
  Menu,
  Modal,
  MultiSelect,
  NativeSelect,
  Notification,
  NumberInput,
  PasswordInput,
  Radio,
  Select,
  Switch,
  Tabs,
  Textarea,
  TextInput,
  Tooltip,
  type VariantColorsResolver,
} from '@mantine/core'
import classes from './theme.module.css'

/** One slate blue for what can be pressed. Shade 7 carries white text at 7.0:1, shade 6 in the dark at 5.9:1. */
const slate: MantineColorsTuple = [
  '#eef3f9',
  '#dbe6f2',
  '#b7cce4',
  '#8fb0d4',
  '#6b95c5',
  '#4a7bb2',
  '#2f669f',
  '#2c5a8f',
  '#244b78',
  '#1b3959',
]

const field = {
  classNames: { input: classes.field, label: classes.label, error: classes.error, description: classes.small },
}

/** `danger` is for what takes something away; every other colour is Mantine's own. */
const resolveVariant: VariantColorsResolver = (input) => {
  if (input.color !== 'danger') return defaultVariantColorsResolver(input)
  if (input.variant !== 'filled') {
    return { background: 'transparent', hover: 'var(--danger-ground)', color: 'var(--danger-ink)', border: 'none' }
  }
  return {
    background: 'var(--danger-fill)',
    hover: 'var(--danger-fill-hover)',
    color: 'var(--on-accent)',
    border: 'none',
  }
}

export const theme = createTheme({
  variantColorResolver: resolveVariant,
  primaryColor: 'slate',
  primaryShade: { light: 7, dark: 6 },
  colors: { slate },
  fontFamily: 'var(--font-ui)',
  fontFamilyMonospace: 'var(--font-mono)',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.8125rem', lg: '0.875rem', xl: '1rem' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.45', lg: '1.45', xl: '1.4' },
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '1.25rem' }, h2: { fontSize: '1rem' }, h3: { fontSize: '0.875rem' } },
  },
  defaultRadius: 'sm',
  radius: { xs: '0.1875rem', sm: '0.3125rem', md: '0.4375rem', lg: '0.625rem', xl: '1rem' },
  focusRing: 'auto',
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    ActionIcon: ActionIcon.extend({
      defaultProps: { variant: 'subtle', color: 'gray', size: 'md' },
      classNames: { root: classes.icon },
    }),
    Badge: Badge.extend({ defaultProps: { tt: 'none', variant: 'default', size: 'sm' } }),
    Button: Button.extend({
      defaultProps: { size: 'xs', variant: 'default' },
      classNames: { root: classes.button, section: classes.buttonSection },
    }),
    Kbd: Kbd.extend({ defaultProps: { size: 'xs' }, classNames: { root: classes.kbd } }),
    Menu: Menu.extend({ classNames: { item: classes.item } }),
    Modal: Modal.extend({
      // Its header element would count as a second banner of the page.
      defaultProps: {
        centered: true,
        transitionProps: { duration: 110, transition: 'fade' },
        attributes: { header: { role: 'presentation' } },
      },
      classNames: {
        content: classes.modal,
        title: classes.modalTitle,
        overlay: classes.scrim,
        close: classes.icon,
      },
    }),
    Notification: Notification.extend({ classNames: { root: classes.notification } }),
    Checkbox: Checkbox.extend({
      classNames: { input: classes.mark, label: classes.checkLabel, description: classes.small },
    }),
    Switch: Switch.extend({ classNames: { description: classes.small } }),
    Radio: Radio.extend({ classNames: { radio: classes.mark } }),
    PasswordInput: PasswordInput.extend({
      classNames: { ...field.classNames, visibilityToggle: classes.icon },
      defaultProps: { size: 'sm' },
    }),
    Select: Select.extend({
      ...field,
      defaultProps: { size: 'sm', allowDeselect: false, comboboxProps: { transitionProps: { duration: 0 } } },
    }),
    MultiSelect: MultiSelect.extend({
      ...field,
      defaultProps: { size: 'sm', comboboxProps: { transitionProps: { duration: 0 } } },
    }),
    // Written out: the theme is in the first bytes that are loaded, and days and files are picked later.
    DateInput: { ...field, defaultProps: { size: 'sm', valueFormat: 'D MMM YYYY' } },
    FileInput: { ...field, defaultProps: { size: 'sm' } },
    NativeSelect: NativeSelect.extend({ ...field, defaultProps: { size: 'sm' } }),
    NumberInput: NumberInput.extend({ ...field, defaultProps: { size: 'sm' } }),
    Tabs: Tabs.extend({ classNames: { list: classes.tabList, tab: classes.tab } }),
    Textarea: Textarea.extend({ ...field, defaultProps: { size: 'sm' } }),
    TextInput: TextInput.extend({ ...field, defaultProps: { size: 'sm' } }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 450, transitionProps: { duration: 90 }, withinPortal: true },
      classNames: { tooltip: classes.tooltip },
    }),
  },
})

const SHARED = {
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-bright': 'var(--ink)',
  '--mantine-color-body': 'var(--paper)',
  '--mantine-color-dimmed': 'var(--ink-dim)',
  '--mantine-color-placeholder': 'var(--ink-quiet)',
  '--mantine-color-error': 'var(--danger-ink)',
  '--mantine-color-anchor': 'var(--accent-ink)',
  '--mantine-color-default': 'var(--raised)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--hairline-strong)',
  '--mantine-color-disabled': 'var(--ground)',
  '--mantine-color-disabled-color': 'var(--ink-quiet)',
  '--mantine-color-disabled-border': 'var(--hairline)',
  '--mantine-color-gray-text': 'var(--ink-dim)',
  '--mantine-color-gray-light': 'var(--hover)',
  '--mantine-color-gray-light-hover': 'var(--hover)',
  '--mantine-color-gray-light-color': 'var(--ink-dim)',
} as const

/** The same names in both schemes: the tokens behind them change with the scheme. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: SHARED,
  dark: SHARED,
})
