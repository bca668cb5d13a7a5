// The one thing on /dev/components/ that no page does by attributes alone: a notice with a way back.
document.addEventListener('click', ({ target }) => {
  const { toastText, toastAction, toastDone } = target.closest('[data-toast-text]')?.dataset ?? {};
  if (!toastText) return;
  const say = detail => document.dispatchEvent(new CustomEvent('minichat:toast', { detail }));
  say({ text: toastText, action: toastAction, act: () => say({ text: toastDone }) });
});
