// Drop-down menus on <details>: one open at a time, arrows inside, Escape and a click outside close.
const ITEMS = "a.pc-menu-item, button.pc-menu-item";

const openMenus = () => [...document.querySelectorAll("details.pc-menu[open]")];

function close(menu, refocus) {
  menu.open = false;
  if (refocus) menu.querySelector("summary").focus();
}

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.("details.pc-menu") || !menu.open) return;
  for (const other of openMenus()) if (other !== menu && !other.contains(menu)) close(other, false);
  place(menu);
}, true);

/** Menus inside scrolling tables leave the flow, so that the table does not cut them off. */
function place(menu) {
  const panel = menu.querySelector(".pc-menu-panel");
  if (!menu.closest(".pc-table-wrap")) return;
  const at = menu.getBoundingClientRect();
  const room = window.innerHeight - at.bottom;
  panel.style.position = "fixed";
  const fromLeft = menu.classList.contains("pc-menu-left");
  panel.style.right = fromLeft ? "auto" : `${document.documentElement.clientWidth - at.right}px`;
  panel.style.left = fromLeft ? `${at.left}px` : "auto";
  const placed = panel.getBoundingClientRect();
  if (placed.left < 0) Object.assign(panel.style, { left: "12px", right: "auto" });
  else if (placed.right > document.documentElement.clientWidth) Object.assign(panel.style, { left: "auto", right: "12px" });
  panel.style.top = room > panel.offsetHeight + 8 ? `${at.bottom + 4}px` : "auto";
  panel.style.bottom = room > panel.offsetHeight + 8 ? "auto" : `${window.innerHeight - at.top + 4}px`;
}

document.addEventListener("scroll", () => {
  for (const menu of openMenus()) if (menu.closest(".pc-table-wrap")) close(menu, false);
}, { capture: true, passive: true });

document.addEventListener("click", (event) => {
  const chosen = event.target.closest?.(ITEMS);
  for (const menu of openMenus()) if (chosen || !menu.contains(event.target)) close(menu, false);
});

// What an icon explains (pc-peek) shows while a mouse rests on it; a click keeps it, keyboard and touch
// open it as any menu.
document.addEventListener("pointerover", (event) => {
  const menu = event.target.closest?.("details.pc-peek");
  if (!menu || menu.open || event.pointerType !== "mouse") return;
  menu.dataset.pcHovered = "";
  menu.open = true;
});

document.addEventListener("pointerout", (event) => {
  const menu = event.target.closest?.("details.pc-peek");
  if (!menu || !("pcHovered" in menu.dataset) || menu.contains(event.relatedTarget)) return;
  delete menu.dataset.pcHovered;
  close(menu, false);
});

document.addEventListener("click", (event) => {
  const menu = event.target.closest?.("details.pc-peek > summary")?.parentElement;
  if (!menu || !("pcHovered" in menu.dataset)) return;
  delete menu.dataset.pcHovered;
  event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.pc-menu");
  if (event.key === "Escape") {
    const top = openMenus().pop();
    if (top) {
      close(top, true);
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    return;
  }
  if (menu && (event.key === "ArrowDown" || event.key === "ArrowUp")) step(menu, event);
}, true);

function step(menu, event) {
  const items = [...menu.querySelectorAll(ITEMS)];
  if (!items.length || event.target.matches("input, select, textarea")) return;
  event.preventDefault();
  menu.open = true;
  const here = items.indexOf(document.activeElement);
  const move = event.key === "ArrowDown" ? 1 : -1;
  items.at((here + move + (here < 0 && move < 0 ? 1 : 0)) % items.length).focus();
}
