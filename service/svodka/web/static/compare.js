// The second part of the page: one text in several translations, side by side.

import { Refused, ask, askText, faultBox } from "./ask.js";
import { byId, download, el, stopwatch } from "./dom.js";
import { chip, isWrong, legend, linked, mark, piece, written } from "./figures.js";
import { number, onLanguage, t } from "./words.js";

const MOST = 8; // translations, as the contract has it
const KINDS = ["repair", "report"]; // by each of the server's profiles

let translators = [];
let shown = null; // { response, title }
let asking = null;
let links;

const profiles = () => {
  const chosen = byId("profile");
  const others = [...chosen.options].map((option) => option.value).filter((name) => name !== chosen.value);
  return [chosen.value || "embedded", ...others];
};

// A name that no other translation has.
const nameFor = (kind) => {
  const names = new Set(translators.map((each) => each.name));
  const base = t(`name_${kind}`);
  for (let at = 1; ; at++) {
    const name = at === 1 ? base : `${base} ${at}`;
    if (!names.has(name)) return name;
  }
};

const add = (kind) => {
  if (translators.length >= MOST) return;
  translators.push({ name: nameFor(kind), kind, profile: "", beam: "", given: "" });
  list();
};

const field = (label, control) => {
  const id = control.id;
  return el("div", {}, el("label", { for: id }, label), control);
};

// What a translation may be made by: a profile, with repairs or without, or somebody else. The first profile is the one chosen above.
const sources = () => [
  ...profiles().flatMap((profile, at) => KINDS.map((kind) => ({ kind, profile: at ? profile : "", told: t(`kind_${kind}`, { profile }) }))),
  { kind: "given", profile: "", told: t("kind_given") },
];

const card = (each, at) => {
  const possible = sources();
  const place = possible.findIndex((source) => source.kind === each.kind && source.profile === each.profile);
  const id = (name) => `translator-${at}-${name}`;
  return el("li", { class: "translator" },
    field(t("translator_name"), withValue(el("input", { id: id("name"), maxlength: "80", input: (event) => { each.name = event.target.value; } }), each.name)),
    field(t("translator_kind"), withValue(el("select", { id: id("kind"), change: (event) => {
      ({ kind: each.kind, profile: each.profile } = possible[Number(event.target.value)]);
      list();
      byId(id("kind")).focus();
    } }, possible.map((source, number) => el("option", { value: String(number) }, source.told))), String(Math.max(0, place)))),
    each.kind === "given"
      ? el("div", { class: "given" }, el("label", { for: id("given") }, t("given")), withValue(el("textarea", { id: id("given"), rows: "3", spellcheck: "false",
        placeholder: t("given_hint"), input: (event) => { each.given = event.target.value; } }), each.given))
      : field(t("beam"), withValue(el("input", { id: id("beam"), type: "number", min: "1", max: "16", placeholder: "4", input: (event) => { each.beam = event.target.value; } }), each.beam)),
    el("button", { type: "button", class: "quiet remove", "aria-label": t("remove", { name: each.name }), disabled: translators.length <= 2,
      click: () => { translators.splice(at, 1); list(); byId("add-translator").focus(); } }, "×"));
};

const withValue = (control, value) => {
  control.value = value;
  return control;
};

const list = () => {
  byId("translators").replaceChildren(...translators.map(card));
  byId("add-translator").disabled = byId("add-given").disabled = translators.length >= MOST;
};

const request = () => ({
  text: byId("compare-text").value,
  translators: translators.map(({ name, kind, profile, beam, given }) =>
    kind === "given" ? { name, given } : { name, profile: profile || profiles()[0], policy: kind.toUpperCase(), beam: Number(beam) || 0 }),
  reference: byId("reference").value,
  summary: byId("only-summary").checked,
  length: byId("only-summary").checked ? { maxSentences: Number(byId("compare-sentences").value) || 0 } : undefined,
});

const go = async (event) => {
  event.preventDefault();
  byId("compare-fault").replaceChildren();
  const asked = request();
  if (!asked.text.trim()) return refused({ code: "INVALID_ARGUMENT", message: "", violations: [], reasons: [], told: t("fault_empty") });
  asking = new AbortController();
  byId("ask-compare").inert = true;
  byId("compare-progress").hidden = false;
  byId("compare-progress").scrollIntoView({ block: "nearest" });
  const stop = stopwatch((seconds) => { byId("compare-elapsed").textContent = t("seconds", { seconds: number(seconds, 1) }); });
  byId("compare-told").textContent = t("comparing");
  byId("compare-cancel").focus({ preventScroll: true });
  try {
    const response = await ask("/api/compare", asked, asking.signal);
    links.choose(null);
    shown = { response, title: asked.text.trim().split("\n", 1)[0].slice(0, 80) };
    rerender();
    byId("compare-told").textContent = t("totals");
    byId("totals-title").focus({ preventScroll: true });
    byId("comparison").scrollIntoView();
  } catch (error) {
    if (error instanceof Refused) refused(error.fault);
    else if (error.name !== "AbortError") throw error;
  } finally {
    stop();
    byId("ask-compare").inert = false;
    byId("compare-progress").hidden = true;
  }
};

const refused = (fault) => byId("compare-fault").replaceChildren(faultBox(fault));

const report = async () => {
  try {
    download("comparison.html", await askText(`/api/report?title=${encodeURIComponent(shown.title)}`, shown.response), "text/html");
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refused(error.fault);
  }
};

const share = ({ value, low, high }) => {
  const percent = (part) => number(100 * part, 0);
  return low === undefined ? `${percent(value)}%` : `${percent(value)}% (${percent(low)}–${percent(high)})`;
};
const score = (each, digits) =>
  !each ? "–" : each.low === undefined ? number(each.value, digits) : `${number(each.value, digits)} (${number(each.low, digits)}–${number(each.high, digits)})`;

const totalsPane = ({ response }) => {
  const measured = response.translations.some(({ totals }) => totals.chrf);
  const heads = ["total_name", "total_wrong", "total_uncertain", "total_faults", "total_similarity"];
  return el("section", { class: "card pane totals" },
    el("header", {}, el("h2", { id: "totals-title", tabindex: "-1" }, t("totals")), el("div", { class: "actions" },
      el("button", { type: "button", id: "compare-json", "aria-label": `${t("download")} ${t("download_json")}`,
        click: () => download("comparison.json", `${JSON.stringify(response, null, 2)}\n`, "application/json") }, `↓ ${t("download_json")}`),
      el("button", { type: "button", id: "compare-report", "aria-label": `${t("download")} ${t("download_report")}`, click: report }, `↓ ${t("download_report")}`))),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": "totals-title" }, el("table", {},
      el("thead", {}, el("tr", {}, heads.map((key) => el("th", { scope: "col" }, t(key))), measured && [el("th", { scope: "col" }, "chrF"), el("th", { scope: "col" }, "BLEU")],
        el("th", { scope: "col" }, t("total_seconds")))),
      el("tbody", {}, response.translations.map(({ name, totals, elapsed }) => el("tr", {},
        el("th", { scope: "row" }, name),
        el("td", { class: totals.wrong ? "bad" : "good" }, el("span", { class: "symbol", "aria-hidden": "true" }, totals.wrong ? "≠ " : "= "),
          `${t("of_sentences", { wrong: totals.wrong, all: totals.passages })}, ${share(totals.wrongShare)}`),
        el("td", {}, totals.uncertain), el("td", {}, totals.faulty), el("td", {}, score(totals.similarity, 3)),
        measured && [el("td", {}, score(totals.chrf, 1)), el("td", {}, score(totals.bleu, 1))],
        el("td", {}, Number.parseFloat(elapsed) > 0 ? number(Number.parseFloat(elapsed), 1) : "–")))))),
    response.translations.flatMap(({ name, notes }) => notes.map((note) => el("p", { class: "hint" }, el("strong", {}, name), ": ", el("span", { lang: "en" }, note)))),
    legend());
};

const keyOf = (row, span) => `${row}:${span.start}-${span.end}`;

// The source's figures once each, as whichever translation has it worst.
const sourceText = (response, passage, row) => {
  const figures = new Map();
  for (const { passages } of response.translations) {
    for (const pair of passages[row].pairs.filter((each) => each.source)) {
      const key = keyOf(row, pair.source.span);
      const known = figures.get(key);
      if (!known || (isWrong(pair) && !isWrong(known))) figures.set(key, pair);
    }
  }
  return written(passage.text, [...figures].map(([key, pair]) => ({
    start: pair.source.span.start, end: pair.source.span.end, make: (points, from, to) => mark(piece(points, from, to), pair, key),
  })));
};

const cell = (response, passage, row, name) => {
  const lost = passage.pairs.filter((pair) => !pair.target);
  const targets = passage.pairs.filter((pair) => pair.target).map((pair, at) => ({
    start: pair.target.span.start, end: pair.target.span.end,
    make: (points, from, to) => mark(piece(points, from, to), pair, pair.source ? keyOf(row, pair.source.span) : `${row}:${name}+${at}`),
  }));
  return el("td", { "data-name": name, class: passage.pairs.some(isWrong) ? "wrong" : "" },
    el("div", { class: "text", lang: response.targetLanguage }, written(passage.text, targets)),
    lost.length > 0 && el("p", { class: "lost" }, `${t("lost")}: `, lost.flatMap((pair, at) => [at ? ", " : "",
      el("span", { lang: response.sourceLanguage }, mark(pair.source.span.text, pair, keyOf(row, pair.source.span)))])),
    passage.faults.length > 0 && el("ul", { class: "faults", lang: "en" }, passage.faults.map((fault) => el("li", {}, fault))),
    passage.similarity !== undefined && el("p", { class: "hint" }, t("similarity", { value: number(passage.similarity, 3) }),
      passage.chrf === undefined ? null : ` · chrF ${number(passage.chrf, 1)}`));
};

const rowsPane = ({ response }) => el("section", { class: "card pane rows" },
  el("header", {}, el("h2", { id: "rows-title" }, t("rows"))),
  el("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": "rows-title" },
    el("table", { "aria-labelledby": "rows-title" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "№"), el("th", { scope: "col" }, t("source")),
        response.translations.map(({ name }) => el("th", { scope: "col" }, name)))),
      el("tbody", {}, response.passages.map((passage, row) => el("tr", {},
        el("th", { scope: "row" }, row + 1),
        el("td", { "data-name": t("source") }, el("div", { class: "text", lang: response.sourceLanguage }, sourceText(response, passage, row))),
        response.translations.map(({ name, passages }) => cell(response, passages[row], row, name))))))));

const pairsOf = (key) => shown.response.translations.flatMap(({ name, passages }) => passages.flatMap((passage, row) =>
  passage.pairs.filter((pair) => pair.source && keyOf(row, pair.source.span) === key).map((pair) => ({ name, pair }))));

const inspect = (key, count) => {
  const box = byId("inspector");
  const told = key === null ? [] : pairsOf(key);
  box.hidden = told.length === 0;
  if (!told.length) return;
  box.replaceChildren(
    el("h2", { id: "inspector-title" }, told[0].pair.source.span.text, el("span", { class: "kind" }, t(`kind_${told[0].pair.source.kind}`))),
    el("button", { type: "button", class: "close", "aria-label": t("close"), click: () => links.choose(null) }, "×"),
    el("div", { class: "results" }, told.map(({ name, pair }) => el("p", { class: "result" }, chip(pair), " ", el("span", { class: "hop" }, name),
      pair.reason && el("span", { class: "reason", lang: "en" }, pair.reason)))));
  byId("compare-told").textContent = `${told.map(({ name, pair }) => `${name}: ${t(`relation_${pair.relation}`)}`).join("; ")}. ${t("places", { count })}`;
};

const rerender = () => {
  const chosen = links.chosen();
  byId("comparison").hidden = shown === null;
  if (shown) byId("comparison").replaceChildren(totalsPane(shown), rowsPane(shown));
  links.choose(chosen);
};

export const start = () => {
  links = linked(byId("comparison"), inspect);
  byId("ask-compare").addEventListener("submit", go);
  byId("compare-cancel").addEventListener("click", () => asking?.abort());
  byId("add-translator").addEventListener("click", () => add("repair"));
  byId("add-given").addEventListener("click", () => add("given"));
  byId("only-summary").addEventListener("change", () => { byId("compare-sentences").disabled = !byId("only-summary").checked; });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && links.chosen() !== null) links.choose(null); });
  onLanguage(() => { list(); rerender(); });
  add("repair");
  add("report");
  return { hide: () => links.choose(null), renew: list };
};
