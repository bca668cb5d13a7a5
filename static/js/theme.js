/* Blocking and tiny, so that no page flashes in the wrong theme. base/theme.js changes the choice afterwards. */
(() => {
  // The choice saved with the account wins over the one of this browser.
  let choice = document.documentElement.dataset.themeChoice;
  try { choice ??= localStorage.getItem("minichat-theme"); } catch { /* storage refused: follow the system */ }
  const dark = choice ? choice === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
