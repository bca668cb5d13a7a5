/* Toasts: those the server rendered, and those a script asks for:
   document.dispatchEvent(new CustomEvent("minichat:toast", { detail: { text, level, action, act } }))
   Level "error" stays longer. `action` is the word on a button and `act` what it does: "Undo", "Try again". */
const LIMIT = 3;
const STAY = { error: 12_000, action: 12_000, other: 6_000 };
const region = document.getElementById("toasts");
const template = document.getElementById("toast-template");

function leave(toast) {
  const focused = toast.contains(document.activeElement);
  toast.classList.add("is-leaving");
  setTimeout(() => toast.remove(), 200);
  if (focused) document.getElementById("main")?.focus();
}

function stayOf(toast) {
  if (toast.classList.contains("toast-bad")) return STAY.error;
  return toast.querySelector(".toast-act") ? STAY.action : STAY.other;
}

/* The clock stands still while somebody reads with the pointer or the keyboard on it. */
function leaveLater(toast) {
  let timer = 0;
  const hold = () => clearTimeout(timer);
  const go = () => {
    hold();
    if (!toast.matches(":hover, :focus-within")) timer = setTimeout(leave, stayOf(toast), toast);
  };
  for (const [event, then] of [["pointerenter", hold], ["focusin", hold], ["pointerleave", go], ["focusout", () => setTimeout(go)]]) {
    toast.addEventListener(event, then);
  }
  go();
}

function show({ text, level, action, act }) {
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector("p").textContent = text;
  toast.classList.toggle("toast-bad", level === "error");
  const button = toast.querySelector(".toast-act");
  if (action) {
    button.textContent = action;
    button.hidden = false;
    button.addEventListener("click", () => { leave(toast); act(); });
  } else {
    button.remove();
  }
  region.append(toast);
  leaveLater(toast);
  [...region.children].slice(0, -LIMIT).forEach(leave);
}

if (region && template) {
  [...region.children].forEach(leaveLater);
  region.addEventListener("click", ({ target }) => {
    if (target.closest("[data-toast-close]")) leave(target.closest("[data-toast]"));
  });
  document.addEventListener("minichat:toast", ({ detail }) => show(detail));
}
