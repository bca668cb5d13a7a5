// What the page says about the widget: attributes of the script tag first, then window.MiniChatSettings.
import { WORDS } from './words.js';

const TOP_LAYER = 2147483000;

export function readSettings(current) {
  // currentScript is null for modules and some tag managers.
  const script = current || document.querySelector('script[src*="/widget.js"]');
  const fallback = window.MiniChatSettings || {};
  const data = script ? script.dataset : {};
  const read = (name) => (name in data ? data[name] : fallback[name]);
  const key = read('key');
  if (!key || !script || !script.src) return null;
  return {
    key: String(key),
    origin: new URL(script.src, location.href).origin,
    lang: language(read('lang')),
    color: read('color') || '#00745c',
    side: read('position') === 'left' ? 'left' : 'right',
    launcher: read('launcher') !== 'none',
    open: String(read('open')) === 'true',
    preload: String(read('preload')) === 'true',
    z: Number(read('z')) || TOP_LAYER,
  };
}

export function language(wish) {
  const explicit = wish && wish !== 'auto' ? wish : '';
  const tag = String(explicit || document.documentElement.lang || navigator.language).slice(0, 2).toLowerCase();
  return tag in WORDS ? tag : 'en';
}

export function isUnsupportedPage() {
  return location.protocol === 'file:' || window.origin === 'null';
}
