// A sentence that comes and goes; base/toasts.js draws it.
export function toast(text, level = 'info') {
  document.dispatchEvent(new CustomEvent('minichat:toast', { detail: { text, level } }));
}
