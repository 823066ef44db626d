// Figures in texts: marks that tell by symbol and colour what became of them, and that light up together.

import { el } from "./dom.js";
import { symbols, t } from "./words.js";

// From what needs an eye first to what needs none.
export const ORDER = ["CHANGED", "UNSUPPORTED", "MISSING", "UNCERTAIN", "CONVERTED", "ROUNDED", "REFORMATTED", "PRESERVED"];
const WRONG = new Set(ORDER.slice(0, 4));

export const isWrong = ({ relation, minor }) => WRONG.has(relation) && !minor;

// The gravest of relations, one that counts as an error before one that does not; null of none.
export const gravest = (relations) => {
  const weight = (each) => (WRONG.has(each.relation) && each.minor ? 3.5 : ORDER.indexOf(each.relation));
  return relations.length ? relations.reduce((worst, each) => (weight(each) < weight(worst) ? each : worst)) : null;
};

const kindOf = (relation) => (relation ? `${relation.relation.toLowerCase()}${relation.minor ? " minor" : ""}` : "untold");

// Symbol and word for a relation.
export const chip = (relation) =>
  el("span", { class: `chip ${kindOf(relation)}` },
    el("span", { class: "symbol", "aria-hidden": "true" }, relation ? symbols[relation.relation] : "·"),
    t(`relation_${relation ? relation.relation : "NONE"}`) + (relation?.minor && WRONG.has(relation.relation) ? `, ${t("minor")}` : ""));

// A figure that can be chosen; `key` is what its counterparts share.
export const mark = (content, relation, key) =>
  el("mark", {
    class: `figure ${kindOf(relation)}`, role: "button", tabindex: "0", "aria-pressed": "false", "data-key": key,
    "data-symbol": relation ? symbols[relation.relation] : null,
    "aria-description": t(`relation_${relation ? relation.relation : "NONE"}`),
  }, content);

// A text with stretches made into elements. Offsets count code points, half-open; what overlaps what came before gives way.
export const written = (text, stretches, from = 0, to = Infinity) => {
  const points = Array.isArray(text) ? text : Array.from(text);
  const end = Math.min(to, points.length);
  const out = document.createDocumentFragment();
  let at = from;
  for (const stretch of [...stretches].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (stretch.start < at || stretch.end > end || stretch.end <= stretch.start) continue;
    out.append(points.slice(at, stretch.start).join(""), stretch.make(points, stretch.start, stretch.end));
    at = stretch.end;
  }
  out.append(points.slice(at, end).join(""));
  return out;
};

export const piece = (points, start, end) => points.slice(start, end).join("");

const inView = (node, frame) => {
  const [a, b] = [node.getBoundingClientRect(), frame.getBoundingClientRect()];
  return a.top >= b.top && a.bottom <= b.bottom;
};

// What is told of the chosen figure must not lie over it.
const uncover = (node) => {
  const box = document.getElementById("inspector").getBoundingClientRect();
  const overlap = node.getBoundingClientRect().bottom - box.top;
  if (box.height && overlap > 0) scrollBy({ top: overlap + 16 });
};

// Choosing in `root` by click, Enter or Space lights up all that share a key; Escape lets go. `tell` hears of the key and of how many there are.
export const linked = (root, tell) => {
  let chosen = null;
  const choose = (key, from) => {
    chosen = key;
    const alike = [];
    for (const node of root.querySelectorAll("[data-key]")) {
      const lit = key !== null && node.dataset.key === key;
      node.classList.toggle("lit", lit);
      if (node.hasAttribute("aria-pressed")) node.setAttribute("aria-pressed", String(lit));
      if (lit) alike.push(node);
    }
    // In each frame that scrolls by itself, the first counterpart is brought into view; the page itself stays where it is.
    for (const frame of root.querySelectorAll(".frame")) {
      const first = alike.find((node) => frame.contains(node));
      if (first && !frame.contains(from) && !inView(first, frame)) {
        frame.scrollTop += first.getBoundingClientRect().top - frame.getBoundingClientRect().top - frame.clientHeight / 3;
      }
    }
    tell(key, alike.filter((node) => node.matches("mark")).length);
    if (from) uncover(from);
  };
  const picked = (event) => event.target.closest("[data-key][aria-pressed]");
  root.addEventListener("click", (event) => {
    const node = picked(event);
    if (node) choose(node.dataset.key === chosen ? null : node.dataset.key, node);
  });
  root.addEventListener("keydown", (event) => {
    const node = picked(event);
    if (node && node.matches("mark") && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      choose(node.dataset.key === chosen ? null : node.dataset.key, node);
    }
  });
  return { choose, chosen: () => chosen };
};

// Every symbol with its meaning.
export const legend = () =>
  el("details", { class: "legend" }, el("summary", {}, t("legend")),
    el("ul", {}, Object.keys(symbols).map((relation) =>
      el("li", {}, el("span", { class: `chip ${relation.toLowerCase()}` }, el("span", { class: "symbol", "aria-hidden": "true" }, symbols[relation]),
        t(`relation_${relation}`)), ` ${t(`legend_${relation}`)}`))));
