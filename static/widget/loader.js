// MiniChat's loader: the one script that runs on a customer's page.
// It sets no cookie, writes no inline style, evaluates nothing, and needs two directives of the page's policy:
// script-src and frame-src for the origin it came from. Everything else happens inside the frame.
import { isUnsupportedPage, readSettings } from './loader/settings.js';
import { startWidget } from './loader/widget.js';

const settings = readSettings(document.currentScript);

if (window.MiniChat && window.MiniChat.v) {
  // Loaded twice (a tag manager, a page that swaps its body): the first one stays.
} else if (!settings) {
  console.warn('MiniChat: data-key is missing.');
} else if (isUnsupportedPage()) {
  console.warn('MiniChat: open this page through a web server.');
} else {
  startWidget(settings);
}
