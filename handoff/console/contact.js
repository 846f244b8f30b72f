// The right pane: what the FAQ would say, who this is, and what was before.
import { html, useEffect, useRef, useState } from "./html.js";
import { useApp, useSelected } from "./store.js";
import { wordsOf } from "./attachments.js";
import { Icon, nameOf } from "./icon.js";
import { changed, isMine } from "./lists.js";
import { address } from "./route.js";
import { useTeams } from "./team.js";

const NONE = [];

export function ContactPane() {
  const { act, t } = useApp();
  const { id, contact, shown } = useSelected((state) => ({
    id: state.open, contact: state.conversations[state.open]?.contact, shown: state.side,
  }));
  const key = (event) => { if (event.key === "Escape" && shown) act.side(false); };
  return html`
    <section class="pane side" aria-label=${t("contact")} data-shown=${shown} onKeyDown=${key}>
      <button type="button" class="quiet side-close" aria-label=${t("back")} onClick=${() => act.side(false)}><${Icon} name="x" /></button>
      ${!contact && html`<p class="none">${t("side_empty")}</p>`}
      ${contact && html`
        <${Suggestions} key=${`faq ${id}`} id=${id} />
        <${Facts} id=${id} />
        <${Past} key=${contact.id} id=${id} contact=${contact.id} />`}
    </section>`;
}

function Suggestions({ id }) {
  const { act, t } = useApp();
  const [query, ask] = useState("");
  const { found, asked, mine } = useSelected((state) => ({
    found: state.suggestions[id]?.items ?? NONE, asked: Boolean(state.suggestions[id]), mine: isMine(state, id),
  }));
  const last = useSelected((state) => (state.messages[id] ?? NONE).findLast((one) => one.author === "customer")?.id);
  const timer = useRef(0);
  useEffect(() => {
    timer.current = setTimeout(() => act.suggest(id, query), query ? 250 : 0);
    return () => clearTimeout(timer.current);
  }, [id, last, query]);
  return html`
    <section class="faq" aria-labelledby="faq-title">
      <h3 id="faq-title">${t("faq")}</h3>
      <label class="search small-search">
        <${Icon} name="search" />
        <input type="search" aria-label=${t("faq_search")} placeholder=${t("faq_search")} value=${query} onInput=${(event) => ask(event.target.value.trim())} />
      </label>
      <ol>${found.slice(0, 5).map((one, at) => html`<${Suggestion} key=${one.id} one=${one} place=${at + 1} mine=${mine} />`)}</ol>
      ${asked && !found.length && html`<p class="none">${t("faq_none")}</p>`}
    </section>`;
}

const mac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");
const modifier = mac ? "⌃" : "Alt ";

function Suggestion({ one, place, mine }) {
  const { act, composer, t } = useApp();
  const insert = () => {
    act.side(false);
    composer.current?.insert(one.answer);
  };
  return html`
    <li class="suggestion">
      <button type="button" disabled=${!mine} title=${mine ? t("faq_insert") : t("take_first")} onClick=${insert}>
        <span class="question">
          ${place <= 3 && html`<kbd title=${t("faq_key", { key: modifier + place })}>${place}</kbd>`}
          <span>${one.question}</span>
          <small title=${t("faq_confidence")}>${Math.round(one.confidence * 100)}%</small>
        </span>
        <span class="answer">${one.answer}</span>
      </button>
    </li>`;
}

function Facts({ id }) {
  const { t, times } = useApp();
  const one = useSelected((state) => state.conversations[id]);
  const { desk, lang } = useSelected((state) => ({ desk: state.desk, lang: document.documentElement.lang }));
  const team = useTeams();
  const outcome = desk.outcomes.find((each) => each.id === one.outcome);
  const facts = [
    ["fact_language", spoken(one.contact.language, lang)],
    ["fact_channel", one.channel],
    ["fact_team", team(one.team)],
    ["fact_opened", times().full(one.opened)],
    ["fact_closed", one.closed && times().full(one.closed)],
    ["fact_outcome", one.outcome === "left" ? t("outcome_left") : outcome && (lang.startsWith("zh") ? outcome.zh : outcome.en)],
    ["fact_summary", one.summary],
    ["fact_rating", one.rating && `${one.rating}/5${one.comment ? ` · ${one.comment}` : ""}`],
  ].filter(([, value]) => value);
  return html`
    <section class="facts" aria-labelledby="facts-title">
      <h3 id="facts-title">${nameOf(one.contact, t)}</h3>
      <dl>${facts.map(([name, value]) => html`<div key=${name}><dt>${t(name)}</dt><dd>${value}</dd></div>`)}</dl>
    </section>`;
}

function spoken(code, lang) {
  try { return new Intl.DisplayNames(lang, { type: "language" }).of(code); } catch { return code; }
}

function Past({ id, contact }) {
  const { act, t, times } = useApp();
  const past = useSelected((state) => (state.past[contact] ?? NONE)
    .filter((each) => each !== id).map((each) => state.conversations[each]).filter(Boolean));
  useEffect(() => { act.past(contact); }, [contact]);
  const open = (event, each) => { event.preventDefault(); act.open(each); };
  return html`
    <section class="past" aria-labelledby="past-title">
      <h3 id="past-title">${t("past")}</h3>
      ${past.length ? null : html`<p class="none">${t("past_none")}</p>`}
      <ul>${past.map((one) => html`
        <li key=${one.id}><a href=${address(one.id)} onClick=${(event) => open(event, one.id)}>
          <time datetime=${changed(one)}>${times().stamp(changed(one))}</time>
          <span>${one.summary || (one.last && wordsOf(one.last, t))}</span>
        </a></li>`)}
      </ul>
    </section>`;
}
