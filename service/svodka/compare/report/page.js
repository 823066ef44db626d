"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const body = byId("rows").tBodies[0];
  const tip = byId("tip");
  const hasReference = data.rows.some((row) => row.reference !== null);
  // Columns in the order in which they stand: each gives a row's text and its language.
  const columns = [
    { name: "Source", lang: data.source, text: (row) => row.text },
    ...(hasReference ? [{ name: "Reference", lang: data.target, text: (row) => row.reference }] : []),
    ...data.columns.map((name, at) => ({ name, lang: data.target, at, text: (row) => row.cells[at].text })),
  ];
  const BLOCK = 40;
  let shown = data.rows;
  let made = 0;

  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  // Offsets of figures count code points, those of strings code units.
  const points = (text) => Array.from(text);

  // Words with their places, in code points.
  const words = (text) => {
    const found = [];
    let at = 0;
    for (const part of text.split(/(\s+)/u)) {
      const length = points(part).length;
      // A comma or a quotation mark beside a word makes it no other word.
      const bare = part.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "") || part;
      if (part.trim()) found.push({ word: bare.toLocaleLowerCase(), start: at, end: at + length });
      at += length;
    }
    return found;
  };

  // The words of either text that have no counterpart in the other, by their longest common subsequence.
  const difference = (left, right) => {
    const [a, b] = [words(left), words(right)];
    const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
    for (let i = a.length - 1; i >= 0; i--) {
      for (let j = b.length - 1; j >= 0; j--) {
        lengths[i][j] = a[i].word === b[j].word ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
      }
    }
    const [lost, added] = [[], []];
    let [i, j] = [0, 0];
    while (i < a.length || j < b.length) {
      if (i < a.length && j < b.length && a[i].word === b[j].word) { i++; j++; }
      else if (j === b.length || (i < a.length && lengths[i + 1][j] >= lengths[i][j + 1])) lost.push(a[i++]);
      else added.push(b[j++]);
    }
    return [lost, added];
  };

  // A figure's mark: what it became, why, and the key that it shares with its counterparts in the row.
  const figure = (text, relation, reason, minor, key) => {
    const label = relation ? `${relation.toLowerCase()}: ${reason || data.legend[relation]}${minor ? " (does not count as an error)" : ""}` : reason;
    const mark = element("mark", { class: `figure ${relation ? relation.toLowerCase() : ""}${minor ? " minor" : ""}`, tabindex: "0" }, text);
    mark.dataset.tip = label;
    if (relation) mark.dataset.symbol = data.symbols[relation];
    if (key) mark.dataset.key = key;
    if (["CHANGED", "MISSING", "UNSUPPORTED", "UNCERTAIN"].includes(relation) && !minor) mark.dataset.wrong = "";
    return mark;
  };

  // A text with its figures marked and the words that differ in `tag` elements. Spans are half-open and sorted; overlapping ones give way.
  const written = (text, figures, differing, tag) => {
    const all = points(text);
    const piece = (start, end) => {
      const out = document.createDocumentFragment();
      let at = start;
      for (const word of differing) {
        const [from, to] = [Math.max(word.start, start), Math.min(word.end, end)];
        if (from >= to) continue;
        out.append(all.slice(at, from).join(""), element(tag, {}, all.slice(from, to).join("")));
        at = to;
      }
      out.append(all.slice(at, end).join(""));
      return out;
    };
    const out = document.createDocumentFragment();
    let at = 0;
    for (const { start, end, make } of figures.sort((a, b) => a.start - b.start || b.end - a.end)) {
      if (start < at || end <= start) continue;
      out.append(piece(at, start), make(piece(start, end)));
      at = end;
    }
    out.append(piece(at, all.length));
    return out;
  };

  const keyOf = (span) => span && `${span[0]}-${span[1]}`;

  // The source's figures once each, with what every translation made of them.
  const sourceFigures = (row) => {
    const found = new Map();
    row.cells.forEach((cell, at) => {
      for (const [source, , , , relation, reason] of cell.marks) {
        if (!source) continue;
        const key = keyOf(source);
        if (!found.has(key)) found.set(key, { start: source[0], end: source[1], told: [] });
        found.get(key).told.push(`${data.columns[at]}: ${data.symbols[relation]} ${relation.toLowerCase()}${reason ? `, ${reason}` : ""}`);
      }
    });
    return [...found].map(([key, { start, end, told }]) => ({ start, end, make: (text) => figure(text, "", told.join("\n"), false, key) }));
  };

  const targetFigures = (cell) =>
    cell.marks.filter((mark) => mark[1]).map(([source, target, , , relation, reason, minor]) => ({
      start: target[0], end: target[1], make: (text) => figure(text, relation, reason, minor, keyOf(source)),
    }));

  const lostFigures = (cell) => cell.marks.filter((mark) => !mark[1]);

  const cellOf = (row, column, differing, tag) => {
    const own = column.at === undefined ? null : row.cells[column.at];
    const figures = own ? targetFigures(own) : column.name === "Source" && column.lang === data.source ? sourceFigures(row) : [];
    const cell = element("td", { "data-name": column.name, class: own ? own.verdict : "" },
      element("div", { lang: column.lang }, written(column.text(row) || "", figures, differing, tag)));
    if (!own) return cell;
    if (lostFigures(own).length) {
      cell.append(element("p", { class: "lost" }, ...lostFigures(own).map(([source, , text, , relation, reason, minor]) => {
        const mark = figure(text, relation, reason, minor, keyOf(source));
        mark.setAttribute("lang", data.source);
        return mark;
      })));
    }
    if (own.faults.length) cell.append(element("ul", { class: "faults" }, ...own.faults.map((fault) => element("li", {}, fault))));
    const numbers = [
      own.failures ? `${own.failures} wrong` : "",
      own.similarity === null ? "" : `similarity ${own.similarity.toFixed(3)}`,
      own.chrf === null ? "" : `chrF ${own.chrf.toFixed(1)}`,
    ].filter(Boolean);
    if (numbers.length) cell.append(element("p", { class: "numbers" }, numbers.join(" · ")));
    return cell;
  };

  const rowOf = (row, place) => {
    const [left, right] = [columns[byId("left").value], columns[byId("right").value]];
    const [lost, added] = left && right && left !== right ? difference(left.text(row) || "", right.text(row) || "") : [[], []];
    const made = element("tr", { "aria-rowindex": place + 2 }, element("th", { scope: "row" }, String(row.number)));
    for (const column of columns) made.append(cellOf(row, column, column === left ? lost : column === right ? added : [], column === left ? "del" : "ins"));
    return made;
  };

  const more = (count) => {
    const out = document.createDocumentFragment();
    const end = Math.min(made + count, shown.length);
    for (; made < end; made++) out.append(rowOf(shown[made], made));
    body.append(out);
    byId("more").textContent = made < shown.length ? `${shown.length - made} more below` : "";
  };

  const failures = (row) => row.cells.reduce((sum, cell) => sum + cell.failures, 0);
  const nearest = (row) => Math.min(...row.cells.map((cell) => cell.similarity ?? 2));
  const kept = (filter) => {
    if (filter === "all") return () => true;
    if (filter === "any") return (row) => row.cells.some((cell) => cell.failures);
    if (filter === "faults") return (row) => row.cells.some((cell) => cell.faults.length);
    return (row) => row.cells[Number(filter)].failures;
  };

  const show = () => {
    const [filter, order, sought] = [byId("filter").value, byId("order").value, byId("find").value.trim().toLocaleLowerCase()];
    const one = Number.isInteger(Number(filter)) ? Number(filter) : null;
    shown = data.rows.filter(kept(filter));
    if (sought) shown = shown.filter((row) => columns.some((column) => (column.text(row) || "").toLocaleLowerCase().includes(sought)));
    if (order === "failures") shown.sort((a, b) => (one === null ? failures(b) - failures(a) : b.cells[one].failures - a.cells[one].failures) || a.number - b.number);
    if (order === "similarity") {
      const near = one === null ? nearest : (row) => row.cells[one].similarity ?? 2;
      shown.sort((a, b) => near(a) - near(b) || a.number - b.number);
    }
    body.replaceChildren();
    made = 0;
    byId("rows").setAttribute("aria-rowcount", shown.length + 1);
    byId("count").textContent = `${shown.length} of ${data.rows.length} sentences`;
    more(BLOCK);
    end.unobserve(byId("more"));
    end.observe(byId("more"));
  };

  // One figure looked at: its counterparts in the row light up, and the reason is told.
  const light = (mark) => {
    for (const other of document.querySelectorAll(".lit")) other.classList.remove("lit");
    for (const other of document.querySelectorAll("[aria-describedby=tip]")) other.removeAttribute("aria-describedby");
    tip.hidden = true;
    if (!mark) return;
    const row = mark.closest("tr");
    const alike = mark.dataset.key && row ? [...row.querySelectorAll("[data-key]")].filter((other) => other.dataset.key === mark.dataset.key) : [mark];
    for (const other of alike) other.classList.add("lit");
    tip.textContent = mark.dataset.tip;
    tip.style.whiteSpace = "pre-line";
    tip.hidden = false;
    mark.setAttribute("aria-describedby", "tip");
    const place = mark.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(place.left, document.documentElement.clientWidth - tip.offsetWidth - 8)) + scrollX}px`;
    const below = place.bottom + tip.offsetHeight + 12 < innerHeight;
    tip.style.top = `${(below ? place.bottom + 6 : place.top - tip.offsetHeight - 6) + scrollY}px`;
  };

  const step = (by) => {
    let wrong = [...body.querySelectorAll("[data-wrong]")];
    let at = wrong.indexOf(document.activeElement);
    at = at < 0 && by < 0 ? wrong.length : at;
    while (by > 0 && at + by >= wrong.length && made < shown.length) {
      more(BLOCK);
      wrong = [...body.querySelectorAll("[data-wrong]")];
    }
    const next = wrong[at + by];
    if (next) {
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: "center" });
      light(next); // where it stands now
    }
  };
  // A button takes the focus: what had it before is where to go on from.
  let last = null;
  const stepFromLast = (by) => {
    if (last && last.isConnected) last.focus({ preventScroll: true });
    step(by);
    last = document.activeElement;
  };

  const choices = () => columns.map((column, at) => element("option", { value: at }, column.name));
  byId("left").append(element("option", { value: "" }, "no columns"), ...choices());
  byId("right").append(element("option", { value: "" }, "no columns"), ...choices());
  for (const id of ["filter", "order", "left", "right"]) byId(id).addEventListener("change", show);
  let waiting = 0;
  byId("find").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(show, 150); });
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
  byId("next").addEventListener("click", () => stepFromLast(1));
  byId("previous").addEventListener("click", () => stepFromLast(-1));
  // What the pointer is on, else what has the focus; the same one is not told again, so that Escape lasts.
  let looked = null;
  const look = (mark) => {
    if (mark === looked) return;
    looked = mark;
    light(mark);
  };
  document.addEventListener("mouseover", (event) => look(event.target.closest("[data-tip]") || document.activeElement.closest("[data-tip]")));
  document.addEventListener("focusin", (event) => {
    const mark = event.target.closest("[data-tip]");
    if (mark) last = mark;
    look(mark);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") light(null); });
  addEventListener("beforeprint", () => more(shown.length));
  // Looked at again after every block: an observer tells of a change alone, and a block of short rows may not push the end out of sight.
  const end = new IntersectionObserver((seen) => {
    if (!seen.at(-1).isIntersecting || made >= shown.length) return;
    more(BLOCK);
    end.unobserve(byId("more"));
    end.observe(byId("more"));
  }, { rootMargin: "1500px" });
  end.observe(byId("more"));
  // Two translations are there to be told apart.
  if (data.columns.length === 2) {
    byId("left").value = columns.length - 2;
    byId("right").value = columns.length - 1;
  }
  show();
})();
