// Segments "Chart | Table": buttons that show one of two panels of the same card.
import { bind } from "./bind.js";

bind("data-pc-panels", (segments) => {
  segments.hidden = false;
  const buttons = [...segments.querySelectorAll("button[aria-controls]")];
  const choose = (chosen) => {
    for (const button of buttons) {
      const on = button === chosen;
      button.setAttribute("aria-pressed", String(on));
      document.getElementById(button.getAttribute("aria-controls")).hidden = !on;
    }
    window.dispatchEvent(new Event("resize"));
  };
  for (const button of buttons) button.addEventListener("click", () => choose(button));
  choose(buttons.find((button) => button.getAttribute("aria-pressed") === "true") ?? buttons[0]);
});
