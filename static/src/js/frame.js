// The frame: "/" finds the search field, groups and the rail remember their state, the menu sheet, the current tab in sight.
import { bind } from "./bind.js";

const YEAR = 365 * 86400;

function remember(name, value) {
  document.cookie = `${name}=${encodeURIComponent(value)};path=/;max-age=${YEAR};samesite=lax`;
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const search = document.querySelector("[data-pc-search]");
  if (!search || !search.offsetParent) return;
  event.preventDefault();
  search.focus();
});

bind("data-pc-menu-group", (group) => {
  group.addEventListener("toggle", () => {
    const groups = [...document.querySelectorAll(".pc-side [data-pc-menu-group]")];
    const closed = groups.filter((g) => !g.open).map((g) => g.dataset.pcMenuGroup);
    remember("pc_menu_closed", closed.join("|"));
  });
});

// Tabs or months that are wider than the screen: the current one stands in sight.
bind("data-pc-reveal", (strip) => {
  const current = strip.querySelector("[aria-current]");
  if (!current || strip.scrollWidth <= strip.clientWidth) return;
  const [room, own] = [strip, current].map((element) => element.getBoundingClientRect());
  strip.scrollLeft += own.left + own.width / 2 - (room.left + room.width / 2);
});

// What the page or the user has asked for.
let rail = false;

bind("data-pc-rail", (button) => {
  button.addEventListener("click", () => {
    rail = document.body.classList.toggle("pc-rail");
    remember("pc_rail", rail ? "1" : "0");
    fit();
  });
});

// Between 768 and 992 px the side menu is a rail, whatever was chosen.
const narrow = window.matchMedia("(min-width: 768px) and (max-width: 991.98px)");
function fit() {
  const folded = document.body.classList.toggle("pc-rail", rail || narrow.matches);
  document.querySelector("[data-pc-rail]")?.setAttribute("aria-expanded", String(!folded));
}
narrow.addEventListener("change", fit);
document.addEventListener("DOMContentLoaded", () => {
  rail = document.body.classList.contains("pc-rail");
  fit();
});

bind("data-pc-sheet", (link) => {
  const sheet = document.querySelector(link.getAttribute("href"));
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const open = sheet.toggleAttribute("data-open");
    link.setAttribute("aria-expanded", String(open));
    if (open) sheet.querySelector("h2").focus();
    else link.focus();
  });
  sheet.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && sheet.hasAttribute("data-open")) link.click();
  });
});

// Choosing a theme takes effect at once; the form still stores it on the server.
bind("data-pc-theme", (form) => {
  form.addEventListener("change", () => {
    const chosen = form.querySelector("input:checked").value;
    document.documentElement.dataset.bsTheme = chosen === "system" ? "auto" : chosen;
    form.requestSubmit();
  });
});
