// A new password: its rules are ticked and its strength shown while it is typed. The server decides.
import { bind } from "./bind.js";

const RULES = {
  length: (text) => text.length >= 8,
  mix: (text) => /[A-Za-z]/.test(text) && /\d/.test(text) && !/\s/.test(text),
};

/** 0 to 4: length counts most, then how many kinds of characters there are. */
function strength(text) {
  if (!text) return 0;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(text)).length;
  const length = text.length >= 14 ? 2 : text.length >= 10 ? 1 : 0;
  return RULES.length(text) && RULES.mix(text) ? Math.min(4, Math.max(1, length + kinds - 1)) : 1;
}

bind("data-pc-password-rules", (box) => {
  const field = document.getElementById(box.dataset.pcPasswordRules);
  const line = box.querySelector(".pc-strength");
  const meter = box.querySelector("meter");
  const word = line.querySelector("span");
  const show = () => {
    for (const item of box.querySelectorAll("[data-rule]")) {
      item.classList.toggle("pc-rule-kept", RULES[item.dataset.rule](field.value));
    }
    const level = strength(field.value);
    line.hidden = level === 0;
    meter.value = level;
    word.textContent = level < 2 ? word.dataset.weak : level < 4 ? word.dataset.fair : word.dataset.strong;
  };
  field.addEventListener("input", show);
  show();
});
