// MiniChat's loader: the one script that runs on a customer's page.
// It sets no cookie, writes no inline style, evaluates nothing, and needs two directives of the page's policy:
// script-src and frame-src for the origin it came from. Everything else happens inside the frame.
// It is one widget per page, so its parts are modules with their own state, not objects: that is what makes it small.
import { boot } from './loader/commands.js';
import { key } from './loader/settings.js';

const warn = (text) => console.warn('MiniChat: ' + text);

if (window.MiniChat?.v) {
  // Loaded twice (a tag manager, a page that swaps its body): the first one stays.
} else if (!key) {
  warn('data-key is missing.');
} else if (location.protocol === 'file:' || window.origin === 'null') {
  warn('open this page through a web server.');
} else if (document.body) {
  boot();
} else {
  document.addEventListener('DOMContentLoaded', boot);
}
