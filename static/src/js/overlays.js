// Dialogs and drawers: a link with hx-target="#pc-dialog" or "#pc-drawer" fills the slot; we open it.
const openers = new WeakMap();

document.addEventListener("htmx:beforeRequest", (event) => {
  const overlay = event.detail.target?.closest?.("dialog");
  if (overlay && !overlay.open) openers.set(overlay, document.activeElement);
});

document.addEventListener("htmx:afterSwap", (event) => {
  const overlay = event.detail.target?.closest?.("dialog");
  if (!overlay) return;
  if (!overlay.textContent.trim()) overlay.close();
  else if (!overlay.open) open(overlay);
  focusFirst(overlay);
});

function open(overlay) {
  const wide = window.matchMedia("(min-width: 992px)").matches;
  if (overlay.classList.contains("pc-drawer") && wide) overlay.show();
  else overlay.showModal();
  overlay.addEventListener("close", () => closed(overlay), { once: true });
}

function closed(overlay) {
  overlay.querySelector(".pc-overlay-slot, [data-pc-slot]")?.replaceChildren();
  const opener = openers.get(overlay);
  const menu = opener?.closest("details.pc-menu:not([open])");
  if (opener?.isConnected) (menu?.querySelector("summary") ?? opener).focus();
}

/** The first error, else the heading: reading starts at the top. */
function focusFirst(overlay) {
  const wanted = overlay.querySelector("[data-pc-error-summary], [aria-invalid=true], [autofocus]");
  (wanted ?? overlay.querySelector("h1, h2"))?.focus();
}

document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-pc-close]");
  const overlay = closer?.closest("dialog");
  if (!overlay) return;
  event.preventDefault();
  overlay.close();
});

// A drawer shown beside the page is not modal: Escape is ours to handle.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelector("dialog.pc-drawer[open]:not(:modal)")?.close();
});

// Enter in a text field of a dialog never presses a red button.
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || !field.matches("dialog input:not([type=submit])")) return;
  if (field.form?.querySelector(".btn-danger")) event.preventDefault();
});
