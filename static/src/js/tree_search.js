// "Find a permission": shows rows whose name or ticks hold the words, with what they stand under.
import { announce } from "./bind.js";

/** Class of rows that do not fit the words; folding has its own mark, so that neither undoes the other. */
export const OUT = "pc-tree-out";

const wordsOf = (row) =>
  [row.querySelector(".pc-tree-name"), ...row.querySelectorAll("input:not([data-pc-branch])")]
    .map((part) => part?.getAttribute("aria-label") ?? part?.textContent ?? "")
    .join(" ")
    .toLowerCase();

export function bindSearch(table, { rows, shownRows, below, level, toggleOf, fold, focusIn }) {
  const field = document.querySelector(`[data-pc-tree-search="${table.id}"]`);
  if (!field) return;
  const none = document.querySelector(`[data-pc-tree-none="${table.id}"]`);
  // Branches that were folded when the search began.
  let folded = null;

  const branches = () => rows().filter(toggleOf);
  const isFolded = (row) => toggleOf(row).getAttribute("aria-expanded") === "false";

  function search() {
    const words = field.value.trim().toLowerCase();
    if (words) begin();
    else end();
    const fits = new Set(words ? fitting(words) : rows());
    for (const row of rows()) row.classList.toggle(OUT, !fits.has(row));
    table.dispatchEvent(new Event("pc:tree-searched"));
    none.hidden = fits.size > 0;
    if (words) announce(fits.size ? field.dataset.pcFound.replace("%s", fits.size) : none.textContent);
  }

  function begin() {
    folded ??= branches().filter(isFolded);
    for (const row of branches()) if (isFolded(row)) fold(row, true);
  }

  function end() {
    for (const row of folded ?? []) fold(row, false);
    folded = null;
  }

  /** Rows with the words, all below them, and all above them. */
  function fitting(words) {
    const found = new Set();
    const above = [];
    for (const row of rows()) {
      while (above.length && level(above.at(-1)) >= level(row)) above.pop();
      if (wordsOf(row).includes(words)) for (const each of [...above, row, ...below(row)]) found.add(each);
      above.push(row);
    }
    return found;
  }

  field.addEventListener("input", search);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && field.value) {
      field.value = "";
      search();
    } else if (event.key === "ArrowDown") shownRows().some((row) => focusIn(row));
    else if (event.key !== "Enter") return;
    // Enter would send the form around the tree.
    event.preventDefault();
    event.stopPropagation();
  });
}
