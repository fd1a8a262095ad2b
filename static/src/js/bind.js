// Behaviour is bound to elements by a data-pc-… attribute, at load and again after every swap.
const behaviours = [];

/** Run `start(element)` once for each element with the attribute, now and after later swaps. */
export function bind(attribute, start) {
  behaviours.push([attribute, start]);
}

export function bindAll(root) {
  for (const [attribute, start] of behaviours) {
    const own = root.matches?.(`[${attribute}]`) ? [root] : [];
    for (const element of [...own, ...root.querySelectorAll(`[${attribute}]`)]) {
      const mark = `bound:${attribute}`;
      if (element[mark]) continue;
      element[mark] = true;
      start(element);
    }
  }
}

/** Say something to screen readers without moving the focus. */
export function announce(words) {
  const region = document.getElementById("pc-live");
  if (region) region.textContent = words;
}
