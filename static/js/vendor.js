/* What the dashboard takes from others, as it came (static/vendor/versions.json), in one file for the browser. */
import "../vendor/htmx-2.0.11.min.js";
import "../vendor/idiomorph-ext-0.8.0.min.js";
