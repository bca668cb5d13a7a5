/* What every page outside the dashboard has, in one file for the browser: `make assets`. One behaviour per file, attached by attribute. */
import "./base/theme.js";
import "./base/toasts.js";
import "./base/dialogs.js";
import "./base/forms.js";
import "./base/kept.js";
import "./base/offline.js";
import "./base/htmx.js";
