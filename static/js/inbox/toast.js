// A sentence that comes and goes; base/toasts.js draws it. `action` is the word on its button, `act` what that does.
export function toast(text, level = 'info', { action = '', act = null } = {}) {
  document.dispatchEvent(new CustomEvent('minichat:toast', { detail: { text, level, action, act } }));
}
