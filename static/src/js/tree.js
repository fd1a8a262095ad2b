// Trees in tables: toggles fold the rows below, arrows walk, tri-state ticks follow their children.
import { bind } from "./bind.js";
import { bindSearch, OUT } from "./tree_search.js";

bind("data-pc-tree", (table) => {
  const rows = () => [...table.querySelectorAll("tbody tr[data-level]")];
  const level = (row) => Number(row.dataset.level);
  const shownRows = () => rows().filter((row) => !row.hidden && !row.classList.contains(OUT));
  const toggleOf = (row) => row.querySelector(".pc-tree-toggle");

  function below(row) {
    const all = rows();
    const found = [];
    for (const next of all.slice(all.indexOf(row) + 1)) {
      if (level(next) <= level(row)) break;
      found.push(next);
    }
    return found;
  }

  function fold(row, open) {
    toggleOf(row).setAttribute("aria-expanded", String(open));
    let hiddenFrom = Infinity;
    for (const next of below(row)) {
      if (level(next) <= hiddenFrom) hiddenFrom = Infinity;
      next.hidden = !open || level(next) > hiddenFrom;
      const folded = toggleOf(next)?.getAttribute("aria-expanded") === "false";
      if (folded && hiddenFrom === Infinity) hiddenFrom = level(next);
    }
  }

  table.addEventListener("click", (event) => {
    const toggle = event.target.closest(".pc-tree-toggle");
    if (toggle && !toggle.hasAttribute("hx-get")) {
      fold(toggle.closest("tr"), toggle.getAttribute("aria-expanded") === "false");
    }
  });

  table.addEventListener("keydown", (event) => {
    const row = event.target.closest("tr[data-level]");
    if (!row || event.target.matches("input[type=text], input[type=search]")) return;
    const toggle = toggleOf(row);
    const open = toggle?.getAttribute("aria-expanded") === "true";
    if (event.key === "ArrowRight" && toggle && !open) toggle.click();
    else if (event.key === "ArrowLeft" && toggle && open) toggle.click();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(row, event);
    else return;
    event.preventDefault();
  });

  function walk(row, event) {
    const shown = shownRows();
    const next = shown[shown.indexOf(row) + (event.key === "ArrowDown" ? 1 : -1)];
    const column = event.target.closest("td, th").cellIndex;
    const cell = next?.cells[column];
    focusIn(next, cell);
  }

  function focusIn(row, cell) {
    const live = "input:not(:disabled), button, a";
    const found = cell?.querySelector(live) ?? row?.querySelector(live);
    found?.focus();
    return Boolean(found);
  }

  for (const row of rows()) if (toggleOf(row)?.getAttribute("aria-expanded") === "false") fold(row, false);

  document.querySelector(`[data-pc-tree-expand="${table.id}"]`)?.addEventListener("click", () => {
    for (const row of rows()) if (toggleOf(row)) fold(row, true);
  });

  bindTicks(table, rows, below, level);
  bindSearch(table, { rows, shownRows, below, level, toggleOf, fold, focusIn });
});

/** Parent ticks carry data-pc-branch and stand for the ticks of the same column below them, as far
    as they are to be seen: what a search has put out stays as it is. */
function bindTicks(table, rows, below, level) {
  const column = (tick) => tick.closest("td").cellIndex;
  const leaves = (branch) =>
    below(branch.closest("tr"))
      .map((row) => row.cells[column(branch)]?.querySelector("input[type=checkbox]:not([data-pc-branch])"))
      .filter((tick) => tick && !tick.disabled && !tick.closest(`.${OUT}`));

  function refresh() {
    for (const branch of table.querySelectorAll("input[data-pc-branch]")) {
      const under = leaves(branch);
      const on = under.filter((tick) => tick.checked).length;
      branch.checked = under.length > 0 && on === under.length;
      branch.indeterminate = on > 0 && on < under.length;
    }
  }

  table.addEventListener("change", (event) => {
    const tick = event.target;
    if (tick.matches("input[data-pc-branch]")) for (const leaf of leaves(tick)) leaf.checked = tick.checked;
    refresh();
    table.dispatchEvent(new CustomEvent("pc:tree-changed", { bubbles: true }));
  });
  table.addEventListener("pc:tree-searched", refresh);
  refresh();
}
