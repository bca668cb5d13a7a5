/* What every page has: theme, toasts, dialogs, forms. One behaviour per file, attached by attribute. */
import "./base/theme.js";
import "./base/toasts.js";
import "./base/dialogs.js";
import "./base/forms.js";
import "./base/htmx.js";
