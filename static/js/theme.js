/* Blocking and tiny, so that no page flashes in the wrong theme or with the wide menu. base/theme.js and
   dashboard/shortcuts.js change the choices afterwards. */
(() => {
  // The choice saved with the account wins over the one of this browser.
  let choice = document.documentElement.dataset.themeChoice;
  try { choice ??= localStorage.getItem("minichat-theme"); } catch { /* storage refused: follow the system */ }
  const dark = choice ? choice === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  try { if (localStorage.getItem("minichat:nav") === "narrow") document.documentElement.dataset.nav = "narrow"; } catch { /* wide */ }
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
