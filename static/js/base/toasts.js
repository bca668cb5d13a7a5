/* Toasts: those the server rendered, and those a script asks for:
   document.dispatchEvent(new CustomEvent("minichat:toast", { detail: { text, level } })) – level "error" stays longer. */
const LIMIT = 3;
const STAY = { error: 12_000, other: 6_000 };
const region = document.getElementById("toasts");
const template = document.getElementById("toast-template");

function leave(toast) {
  const focused = toast.contains(document.activeElement);
  toast.classList.add("is-leaving");
  setTimeout(() => toast.remove(), 200);
  if (focused) document.getElementById("main")?.focus();
}

/* The clock stands still while somebody reads with the pointer or the keyboard on it. */
function leaveLater(toast) {
  const stay = toast.classList.contains("toast-bad") ? STAY.error : STAY.other;
  let timer = setTimeout(leave, stay, toast);
  const hold = () => clearTimeout(timer);
  const go = () => { hold(); timer = setTimeout(leave, stay, toast); };
  for (const [event, act] of [["pointerenter", hold], ["focusin", hold], ["pointerleave", go], ["focusout", go]]) {
    toast.addEventListener(event, act);
  }
}

function show({ text, level }) {
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector("p").textContent = text;
  toast.classList.toggle("toast-bad", level === "error");
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
