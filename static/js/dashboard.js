/* What every page of the dashboard has, in one file for the browser: `make assets`. One behaviour per file,
   attached by attribute; the parts tell each other what happened by events on the document. */
import "./base/theme.js";
import "./base/toasts.js";
import "./base/dialogs.js";
import "./base/forms.js";
import "./base/kept.js";
import "./base/offline.js";
import "./base/htmx.js";
import "./dashboard/menus.js";
import "./dashboard/tabs.js";
import "./dashboard/strips.js";
import "./dashboard/tables.js";
import "./dashboard/shortcuts.js";
import "./dashboard/palette.js";
