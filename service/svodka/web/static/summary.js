// The first part of the page: an article in; its summaries, the ledger and the verdict out.

import { Refused, faultBox, follow } from "./ask.js";
import { byId, download, el, stopwatch } from "./dom.js";
import { chip, gravest, isWrong, legend, linked, mark, piece, written } from "./figures.js";
import { number, onLanguage, t, valueText } from "./words.js";

const STAGES = ["sent", "read", "summarise", "translate", "repair", "check"];
// Rungs of the repair ladder are one stage to a reader; putting the answer together belongs to the check.
const STAGE_OF = { constrain: "repair", protect: "repair", edit: "repair", fallback: "repair", respond: "check" };
const HEADLINE = /^\s*(\S[^\r\n]*)\r?\n[^\S\n]*\n\s*\S/u;

let shown = null; // { text, response, filter }
let asking = null;

export const request = (text) => ({
  text,
  title: HEADLINE.exec(text)?.[1].trim() ?? "",
  language: byId("language").value,
  length: { maxSentences: Number(byId("sentences").value) || 0 },
  policy: byId("policy").value,
  profile: byId("profile").value,
});

const stageList = (progress) => {
  const now = STAGES.indexOf(STAGE_OF[progress.stage] ?? progress.stage);
  if (now < 0) return;
  byId("stages").replaceChildren(...STAGES.map((stage, at) => {
    const counted = at === now && progress.of ? ` ${t("settled", progress)}` : "";
    return el("li", { class: at < now ? "done" : at === now ? "now" : "", "aria-current": at === now ? "step" : null },
      el("span", { class: "sign", "aria-hidden": "true" }, at < now ? "✓" : ""), t(`stage_${stage}`) + counted);
  }));
  byId("told").textContent = `${t(`stage_${STAGES[now]}`)}${progress.of ? ` ${t("settled", progress)}` : ""}`;
};

const ask = async (event) => {
  event.preventDefault();
  const text = byId("text").value;
  byId("summary-fault").replaceChildren();
  byId("text").removeAttribute("aria-invalid");
  if (!text.trim()) return refused({ code: "INVALID_ARGUMENT", message: "", violations: [], reasons: [], told: t("fault_empty") });
  asking = new AbortController();
  byId("ask").inert = true;
  byId("progress").hidden = false;
  byId("progress").scrollIntoView({ block: "nearest" });
  const stop = stopwatch((seconds) => { byId("elapsed").textContent = t("seconds", { seconds: number(seconds, 1) }); });
  stageList({ stage: "sent" });
  byId("cancel").focus({ preventScroll: true });
  try {
    const response = await follow("/api/summarize", request(text), stageList, asking.signal);
    show({ text, response, filter: response.ledger.some(FILTERS.told) ? "told" : "all" });
    byId("told").textContent = t(`verdict_${response.verdict}`);
  } catch (error) {
    if (error instanceof Refused) refused(error.fault);
    else if (error.name !== "AbortError") throw error;
  } finally {
    stop();
    byId("ask").inert = false;
    byId("progress").hidden = true;
    if (!shown) byId("text").focus({ preventScroll: true });
  }
};

const refused = (fault) => {
  byId("summary-fault").replaceChildren(faultBox(fault));
  if (fault.code === "INVALID_ARGUMENT") byId("text").setAttribute("aria-invalid", "true");
};

// Which relations of a row a text is told of: those of the comparisons that end in it, in a summary; the gravest of all, in the article.
const relationIn = (entry, where) =>
  gravest(where === "article" ? entry.relations : entry.relations.filter((each) => each.hop.endsWith(`-${where}`))) ?? gravest(entry.relations);

const usedSentences = ({ summaries }) => new Set(summaries.flatMap((summary) => summary.sentences.flatMap((each) => each.sourceSentences)));

// Of a figure that stands in several sentences of the article, those that no summary tells say nothing.
const told = (entry, response) => {
  const used = [...usedSentences(response)].map((at) => response.sourceSentences[at]);
  const inUse = (place) => used.some((span) => span.start <= place.start && place.end <= span.end);
  const some = entry.occurrences.some((place) => place.where === "article" && inUse(place));
  return (place) => place.where !== "article" || !some || inUse(place);
};

const figuresOf = (response, where) => response.ledger.flatMap((entry, row) => {
  const counts = told(entry, response);
  return entry.occurrences.filter((place) => place.where === where).map((place) => ({
    start: place.start, end: place.end,
    make: (points, from, to) => mark(piece(points, from, to), counts(place) ? relationIn(entry, where) : null, String(row)),
  }));
});

// Sentences as elements of their own, with their figures in them.
const sentences = (text, spans, figures, attributes) =>
  written(text, spans.map((span, at) => ({
    start: span.start, end: span.end,
    make: (points, from, to) => el("span", { class: "sentence", ...attributes(at) }, written(points, figures, from, to)),
  })));

const nameOf = (language) => t(`where_${language}`);
const hopName = (hop) => {
  const [source, target] = hop.split("-");
  return t("hop", { source: nameOf(source), target: nameOf(target) });
};

const articlePane = ({ text, response }) => {
  const used = usedSentences(response);
  const body = el("div", { class: "frame text", tabindex: "0", role: "region", "aria-labelledby": "article-title", lang: response.sourceLanguage },
    sentences(text, response.sourceSentences, figuresOf(response, "article"),
      (at) => ({ class: `sentence${used.has(at) ? " used" : ""}`, "data-sentence": at })));
  return el("section", { class: "card pane article" },
    el("header", {}, el("h2", { id: "article-title" }, t("article")), el("span", { class: "tag" }, nameOf(response.sourceLanguage))),
    body, el("p", { class: "hint" }, t("used_hint")));
};

const summaryPane = (summary, response) => {
  const own = summary.language === response.sourceLanguage;
  return el("section", { class: "card pane summary", "aria-labelledby": `summary-${summary.language}` },
    el("header", {}, el("h2", { id: `summary-${summary.language}` }, nameOf(summary.language)), el("span", { class: "tag" }, t(own ? "own" : "translated"))),
    summary.text
      ? el("div", { class: "text", lang: summary.language },
        sentences(summary.text, summary.sentences.map((each) => each.span), figuresOf(response, summary.language),
          (at) => ({ "data-sources": summary.sentences[at].sourceSentences.join(" ") })))
      : el("p", { class: "hint" }, t("empty_summary")));
};

// What the comparisons say of a figure; those that say the same stand together, those to which there is nothing to add are left out.
const results = (entry) => {
  if (!entry.relations.length) return [chip(null)];
  const telling = entry.relations.filter((each) => each.relation !== "PRESERVED");
  if (!telling.length) return [chip(entry.relations[0])];
  const alike = Map.groupBy(telling, (each) => `${each.relation} ${each.minor} ${each.reason}`);
  return [...alike.values()].map((group) =>
    el("div", { class: "result" }, chip(group[0]), group[0].reason && el("span", { class: "reason", lang: "en" }, group[0].reason),
      isWrong(group[0]) && el("span", { class: "hop" }, group.map((each) => hopName(each.hop)).join(", "))));
};

const surfaces = (entry, where) => [...new Set(entry.occurrences.filter((place) => place.where === where).map((place) => place.text))].join("; ");

const FILTERS = {
  all: () => true,
  told: (entry) => entry.relations.length > 0,
  wrong: (entry) => entry.relations.some(isWrong),
};

const ledgerPane = ({ response, filter }) => {
  const places = ["article", ...response.summaries.map((summary) => summary.language)];
  const rows = response.ledger.map((entry, row) => ({ entry, row })).filter(({ entry }) => FILTERS[filter](entry));
  const count = (name) => response.ledger.filter(FILTERS[name]).length;
  const table = el("table", { "aria-labelledby": "ledger-title" },
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("column_figure")),
      ...places.map((place) => el("th", { scope: "col" }, nameOf(place))), el("th", { scope: "col" }, t("column_result")))),
    el("tbody", {}, rows.map(({ entry, row }) => el("tr", { "data-key": row, class: entry.relations.some(isWrong) ? "wrong" : "" },
      el("th", { scope: "row" },
        el("button", { type: "button", class: "value", "data-key": row, "aria-pressed": "false" }, valueText(entry)),
        el("span", { class: "kind" }, t(`kind_${entry.kind}`), entry.key && el("span", { class: "key-figure" }, ` ★ ${t("key_figure")}`))),
      ...places.map((place) => el("td", { "data-name": nameOf(place), lang: place === "article" ? response.sourceLanguage : place,
        class: surfaces(entry, place) ? "" : "nothing" }, surfaces(entry, place) || "–")),
      el("td", { "data-name": t("column_result") }, results(entry))))));
  return el("section", { class: "card pane ledger" },
    el("header", {}, el("h2", { id: "ledger-title" }, t("ledger")),
      el("div", { class: "segments", role: "group", "aria-labelledby": "ledger-title" }, Object.keys(FILTERS).map((name) =>
        el("button", { type: "button", "aria-pressed": String(filter === name), "data-filter": name,
          click: () => { shown.filter = name; rerender(); byId("answer").querySelector(`[data-filter=${name}]`).focus(); } },
        t(`show_${name}`), el("span", { class: "count" }, count(name)))))),
    el("p", { class: "hint" }, t("ledger_hint")),
    rows.length ? table : el("p", { class: "hint" }, t("none_shown")),
    legend());
};

const repairsPane = ({ response }) => response.repairs.length > 0 && el("details", { class: "card repairs" },
  el("summary", {}, `${t("repairs")} (${response.repairs.length})`),
  el("ul", {}, response.repairs.map((repair) => el("li", {},
    t("repair_told", { language: nameOf(repair.language), sentence: repair.sentence + 1, rung: t(`rung_${repair.rung}`), outcome: t(`outcome_${repair.outcome}`) }),
    repair.detail && el("span", { class: "reason", lang: "en" }, repair.detail)))));

const SIGNS = { VERIFIED: "✓", REPAIRED: "✓", UNVERIFIED: "!" };

const verdictBox = ({ response }) => {
  const told = response.ledger.filter(FILTERS.told);
  const seconds = Number.parseFloat(response.elapsed);
  const leftOut = response.repairs.filter((repair) => repair.outcome === "dropped").length;
  return el("section", { class: `card verdict ${response.verdict.toLowerCase()}`, "aria-labelledby": "verdict-title" },
    el("span", { class: "sign", "aria-hidden": "true" }, SIGNS[response.verdict] ?? "?"),
    el("div", { class: "verdict-told" },
      el("h2", { id: "verdict-title", tabindex: "-1" }, t(`verdict_${response.verdict}`)),
      el("p", {}, t(`verdict_${response.verdict}_told`)),
      response.reasons.length > 0 && el("ul", { lang: "en" }, response.reasons.map((reason) => el("li", {}, reason))),
      leftOut > 0 && el("p", {}, t("left_out", { count: leftOut })),
      el("p", { class: "hint" }, [t("figures_told", { good: told.filter((entry) => !FILTERS.wrong(entry)).length, all: told.length }),
        response.profile, t("took", { seconds: number(seconds, 1) })].join(" · "))),
    el("div", { class: "actions" },
      el("button", { type: "button", id: "edit", click: () => leave(false) }, t("edit")),
      el("button", { type: "button", id: "another", click: () => leave(true) }, t("another")),
      el("button", { type: "button", id: "to-compare", click: () => document.dispatchEvent(new CustomEvent("compare", { detail: shown.text })) }, t("to_compare")),
      el("button", { type: "button", id: "download-json", "aria-label": `${t("download")} ${t("download_json")}`,
        click: () => download("summary.json", `${JSON.stringify(response, null, 2)}\n`, "application/json") }, `↓ ${t("download_json")}`)));
};

const leave = (empty) => {
  shown = null;
  if (empty) byId("text").value = "";
  byId("text").dispatchEvent(new Event("input"));
  rerender();
  byId("text").focus();
};

const inspect = (key, count) => {
  const box = byId("inspector");
  box.hidden = key === null;
  if (key === null) return;
  const entry = shown.response.ledger[Number(key)];
  box.replaceChildren(
    el("h2", { id: "inspector-title" }, valueText(entry), el("span", { class: "kind" }, t(`kind_${entry.kind}`))),
    el("button", { type: "button", class: "close", "aria-label": t("close"), click: () => links.choose(null) }, "×"),
    el("div", { class: "results" }, entry.relations.length ? results(entry) : t("only_article")));
  byId("told").textContent = `${valueText(entry)}: ${[...new Set(entry.relations.map((each) => t(`relation_${each.relation}`)))].join(", ") || t("only_article")}. ${t("places", { count })}`;
};

const rerender = () => {
  const answer = byId("answer");
  document.body.classList.toggle("answered", shown !== null);
  byId("ask").hidden = answer.parentElement.querySelector(".lead").hidden = shown !== null;
  answer.hidden = shown === null;
  const chosen = links.chosen();
  answer.replaceChildren(...(shown ? [verdictBox(shown), articlePane(shown),
    el("div", { class: "summaries" }, shown.response.summaries.map((summary) => summaryPane(summary, shown.response))),
    el("div", { class: "below" }, ledgerPane(shown), repairsPane(shown) || "")] : []));
  links.choose(shown ? chosen : null);
};

const show = (what) => {
  shown = what;
  links.choose(null);
  rerender();
  byId("verdict-title").focus({ preventScroll: true });
  scrollTo({ top: 0 });
};

// A sentence of a summary shows which of the article it tells.
const trace = (event) => {
  const sources = new Set((event.target.closest?.("[data-sources]")?.dataset.sources ?? "").split(" ").filter(Boolean));
  for (const node of byId("answer").querySelectorAll("[data-sentence]")) node.classList.toggle("traced", sources.has(node.dataset.sentence));
};

let links;
export const start = () => {
  links = linked(byId("answer"), inspect);
  byId("ask").addEventListener("submit", ask);
  byId("cancel").addEventListener("click", () => asking?.abort());
  byId("answer").addEventListener("mouseover", trace);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && links.chosen() !== null) links.choose(null); });
  onLanguage(() => { if (shown) rerender(); });
  return { hide: () => links.choose(null) };
};
