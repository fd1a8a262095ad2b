// Ticked rows: tri-state head tick, batch bar with the count, "select all", Escape clears.
import { announce, bind } from "./bind.js";

bind("data-pc-selection", (list) => {
  const rows = () => [...list.querySelectorAll("[data-pc-tick]:not(:disabled)")];
  const head = list.querySelector("[data-pc-tick-all]");
  const bar = list.querySelector("[data-pc-batch]");
  if (!bar) return;
  const count = bar.querySelector("[data-pc-batch-count]");
  const everything = bar.querySelector("[data-pc-batch-all]");
  const flag = bar.querySelector("input[name=select_all]");

  const show = () => {
    const ticked = rows().filter((tick) => tick.checked).length;
    const whole = ticked > 0 && ticked === rows().length;
    if (!whole && flag) flag.value = "";
    const total = flag?.value ? Number(everything.dataset.pcBatchAll) : ticked;
    if (head) {
      head.checked = whole;
      head.indeterminate = ticked > 0 && !whole;
    }
    count.textContent = count.dataset.pcBatchCount.replace("%s", total.toLocaleString("en-US"));
    bar.hidden = ticked === 0;
    if (everything) everything.hidden = !whole || Boolean(flag?.value);
    if (ticked) announce(count.textContent);
  };
  const setAll = (on) => {
    for (const tick of rows()) tick.checked = on;
    show();
  };

  head?.addEventListener("change", () => setAll(head.checked));
  list.addEventListener("change", (event) => event.target.matches("[data-pc-tick]") && show());
  everything?.addEventListener("click", () => {
    flag.value = "1";
    show();
  });
  bar.querySelector("[data-pc-batch-clear]").addEventListener("click", () => setAll(false));
  list.addEventListener("keydown", (event) => event.key === "Escape" && !bar.hidden && setAll(false));
  list.closest("form")?.classList.add("pc-batch-live");
  show();
});
