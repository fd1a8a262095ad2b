// Code entry: one real input; the cells behind it show where the next digit goes.
import { bind } from "./bind.js";

bind("data-pc-code", (box) => {
  const input = box.querySelector("input");
  const cells = [...box.querySelectorAll(".pc-code-cells i")];
  box.classList.add("pc-code-live");
  const show = () => {
    input.value = input.value.replace(/\D/g, "").slice(0, cells.length);
    const here = Math.min(input.value.length, cells.length - 1);
    cells.forEach((cell, i) => cell.classList.toggle("pc-code-here", i === here));
    input.scrollLeft = 0;
  };
  input.addEventListener("input", show);
  input.addEventListener("focus", show);
  show();
});
