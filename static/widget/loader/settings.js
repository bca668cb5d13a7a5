// What the page says about the widget: attributes of the script tag first, then window.MiniChatSettings.
import { WORDS } from './words.js';

const ADDRESSES = ['/widget.js', '/widget/v1/'];

// currentScript is null for modules and some tag managers.
const script = document.currentScript || document.querySelector(ADDRESSES.map((part) => `script[src*="${part}"]`));
const fallback = window.MiniChatSettings || {};

export const read = (name) => String(script?.dataset[name] ?? fallback[name] ?? '');
const isTrue = (name) => read(name) === 'true';

// Ends every listener of ours at once.
export const stop = new AbortController();
export const options = { signal: stop.signal };

export const key = script?.src && read('key');
export const home = key && new URL(script.src).origin;
export const side = key && read('position') === 'left' ? 'left' : 'right';
export const layer = key && (+read('z') || 2147483000);
export const gap = key && Math.min(Math.max(+read('gap') || 20, 4), 80);
export const size = key && (/^(48|64)$/.exec(read('size')) || [56])[0];
export const opens = key && isTrue('open');
export const preloads = key && isTrue('preload');

/** The language of a wish, of the page, or of the browser, if we have it. */
export function language(wish) {
  const tag = (/^(?!auto)../.exec(wish) || [document.documentElement.lang || navigator.language])[0].slice(0, 2).toLowerCase();
  return tag in WORDS ? tag : 'en';
}
