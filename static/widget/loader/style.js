// The loader's look, as [selector, declarations, media]. A constructed stylesheet in the shadow root needs no
// permission from the page's policy. Safari before 16.4 has none: there the same rules are set element by
// element through CSSOM, which no policy forbids either.

export const FULL_SCREEN = '(max-width:480px),(max-height:480px)';

const CALM = '(prefers-reduced-motion:reduce)';
const GAP = 'max(20px,env(safe-area-inset-bottom))';

function rules({ side, z, color }) {
  // How light it is, near enough, by the first digit of each part: an icon on a pale colour has to be dark.
  const digit = (at) => parseInt(color[at], 16);
  const on = digit(1) * 3 + digit(3) * 6 + digit(5) > 87 ? '#000' : '#fff';
  return [
    [':host', `all:initial;position:fixed;inset:auto;z-index:${z};color-scheme:light dark`],
    ['*', 'box-sizing:border-box;font:15px/1.5 system-ui,-apple-system,"Segoe UI","Noto Sans Thai",Thonburi,sans-serif'],
    ['button', 'all:unset;box-sizing:border-box;cursor:pointer'],

    ['.launcher', `position:fixed;bottom:${GAP};${side}:20px;width:56px;height:56px;border-radius:50%;background:${color};color:${on};display:grid;place-items:center;box-shadow:0 6px 20px rgb(0 40 30/.28);transition:transform .16s`],
    ['.launcher:hover', 'transform:scale(1.05)'],
    ['.launcher:focus-visible', `outline:3px solid #fff;box-shadow:0 0 0 6px ${color}`],
    ['svg', 'grid-area:1/1;width:28px;height:28px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round'],
    ['.badge', 'position:absolute;top:-3px;right:-3px;min-width:20px;height:20px;padding:0 5px;border-radius:10px;background:#c8281e;color:#fff;font:600 12px/20px system-ui;text-align:center'],

    ['.panel', `position:fixed;bottom:calc(${GAP} + 68px);${side}:20px;width:392px;height:min(680px,100dvh - 108px);border-radius:20px;overflow:hidden;background:Canvas;color:CanvasText;box-shadow:0 16px 56px -8px rgb(0 30 22/.32),0 0 0 1px rgb(0 30 22/.08);transition:opacity .18s,transform .18s`],
    ['.panel.off', 'opacity:0;transform:translateY(12px);visibility:hidden;transition:opacity .14s,transform .14s,visibility 0s .14s'],
    ['.panel', 'inset:var(--top,0) 0 auto;width:100%;height:var(--height,100dvh);border-radius:0', FULL_SCREEN],
    ['.launcher.covered', 'display:none', FULL_SCREEN],
    ['iframe', 'border:0;position:absolute;inset:0;width:100%;height:100%;color-scheme:light dark'],
    ['.panel.waiting iframe', 'visibility:hidden'],

    ['.shell', 'height:100%;display:grid;place-content:center;justify-items:center;gap:16px;padding:24px;text-align:center'],
    ['.shell p', 'margin:0'],
    ['.panel:not(.waiting) .shell', 'visibility:hidden'],
    ['.retry', `padding:9px 18px;border-radius:12px;background:${color};color:${on};font-weight:600`],
    ['.dismiss', 'position:absolute;top:8px;right:8px;width:44px;height:44px;display:grid;place-items:center;border-radius:12px'],
    ['.dismiss svg', 'width:20px;height:20px'],
    ['.shell button:focus-visible', 'outline:2px solid;outline-offset:2px'],

    ['[hidden]', 'display:none!important'],
    ['*', 'transition:none!important', CALM],
    [':host', 'display:none', 'print'],
  ];
}

/** Styles the shadow root; the function returned is called after each change of classes or of the colour. */
export function applyStyle(root, settings) {
  if (!('adoptedStyleSheets' in document)) return () => paint(root, rules(settings));
  const sheet = new CSSStyleSheet();
  root.adoptedStyleSheets = [sheet];
  return () => sheet.replaceSync(rules(settings).map(toText).join(''));
}

function toText([selector, declarations, media]) {
  const rule = `${selector}{${declarations}}`;
  return media ? `@media ${media}{${rule}}` : rule;
}

function paint(root, all) {
  const current = all.filter(([, , media]) => !media || matchMedia(media).matches);
  const text = (matches) => current.filter(([selector]) => matches(selector)).map((rule) => rule[1]).join(';');
  root.host.style.cssText = text((selector) => selector === ':host');
  for (const node of root.querySelectorAll('*')) {
    // States of the pointer and the keyboard cannot be set on an element: the browser's own focus ring stays.
    node.style.cssText = text((selector) => !/:(host|hover|focus)/.test(selector) && node.matches(selector));
  }
}
