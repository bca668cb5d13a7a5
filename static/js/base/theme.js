/* [data-theme-toggle] turns the page over; [data-theme-set="light|dark|system"] chooses. No stored choice = system.
   Somebody signed in (<html data-theme-url data-theme-choice>) takes the choice along to other browsers. */
const KEY = "minichat-theme";
const root = document.documentElement;
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

const stored = () => { try { return localStorage.getItem(KEY); } catch { return null; } };

function store(choice) {
  try { choice === "system" ? localStorage.removeItem(KEY) : localStorage.setItem(KEY, choice); } catch { /* this page only */ }
}

function show(choice) {
  const dark = choice === "system" ? systemIsDark.matches : choice === "dark";
  root.dataset.theme = dark ? "dark" : "light";
  for (const button of document.querySelectorAll("[data-theme-set]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeSet === choice));
  }
}

function choose(choice) {
  store(choice);
  show(choice);
  if (root.dataset.themeUrl) save(choice);
}

/* A failure is not worth a word: this browser remembers anyway. */
function save(theme) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  fetch(root.dataset.themeUrl, { method: "POST", headers: { "X-CSRFToken": token }, body: new URLSearchParams({ theme }) }).catch(() => {});
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-theme-toggle]")) choose(root.dataset.theme === "dark" ? "light" : "dark");
  const option = target.closest("[data-theme-set]");
  if (option) choose(option.dataset.themeSet);
});
// The profile page saves the choice with its form; this browser's own memory must not contradict it.
document.addEventListener("submit", ({ target }) => {
  const select = target.querySelector("[data-theme-select]");
  if (select) store(select.value || "system");
});
systemIsDark.addEventListener("change", () => show(stored() ?? "system"));
addEventListener("storage", ({ key }) => key === KEY && show(stored() ?? "system"));

// Without this script the switch would do nothing, so it is drawn hidden.
for (const button of document.querySelectorAll("[data-theme-toggle]")) button.hidden = false;
if (root.dataset.themeChoice) store(root.dataset.themeChoice);
show(stored() ?? "system");
