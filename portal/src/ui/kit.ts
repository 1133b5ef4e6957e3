// The one file that knows the component library: pages use `@/ui`, so that the library can be replaced here.
import 'smarthr-ui/smarthr-ui.css'

export { Button, Checkbox, FormControl, Input, IntlProvider, Loader, RadioButton, Select, Textarea } from 'smarthr-ui'
