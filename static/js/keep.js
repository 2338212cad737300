// form[data-keep]: what is typed is kept, in this browser within a second and on the server when there is a pause, and
// its state stands in words beside the buttons. The form itself is never touched: no focus, no scroll, no redrawing.
window.eplan.keep = (() => {
  const { typing } = window.eplan;
  const BROWSER_AFTER = 400;
  const SERVER_AFTER = 4000;
  const forms = new Map();

  const clock = (moment = new Date()) =>
    `${new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Bangkok" }).format(moment)} น.`;
  const day = (moment) =>
    new Intl.DateTimeFormat("th-TH-u-ca-buddhist", { day: "numeric", month: "short", year: "numeric", timeZone: "Asia/Bangkok" })
      .format(moment)
      .replace(/^พ\.ศ\. */, "");

  // The token of a form and the versions that it began with follow its place in the browser's history. A link to the same
  // address, as to the next blank form, takes over that place and its state, but is a form anew. Where the browser doesn't
  // tell how one came here, one came anew.
  const [arrival = { type: "navigate" }] = performance.getEntriesByType("navigation");
  const isBack = arrival.type !== "navigate";
  const versionsOf = (form) => Array.from(form.elements).filter((field) => /(^|-)(version|started)$/.test(field.name || ""));
  const remembered = (form) => (isBack && !form.dataset.keepTyped && (history.state || {})[form.dataset.keep]) || {};
  const remember = (form) => {
    const versions = Object.fromEntries(versionsOf(form).map((field) => [field.name, field.value]));
    history.replaceState({ ...history.state, [form.dataset.keep]: { token: form.elements.form_token.value, versions } }, "");
  };

  const follow = (form) => {
    const { keep: record, keepVersion: version, keepAt: savedAt, drafts } = form.dataset;
    const { token: tokenThen, versions: then = {} } = remembered(form);
    const isNewer = versionsOf(form).some((field) => then[field.name] !== field.value);
    // After "back" it is the form that was sent, unless something was saved since.
    if (tokenThen && !isNewer) form.elements.form_token.value = tokenThen;
    const token = form.elements.form_token.value;
    const state = document.createElement("p");
    state.className = "keep-state";
    state.setAttribute("role", "status");
    (form.querySelector(".form-actions") || form).append(state);
    const say = (words) => {
      if (state.textContent !== words) state.textContent = words;
    };
    let browserTimer, serverTimer;
    let isKept = false; // whether a copy of this form's typing lies somewhere
    let lastSent = "";
    let isLeaving = false; // on its way to the server: a copy made now would outlive the save

    // Typed and not saved: other than what the server sent, or sent back by it because it could not be saved.
    const isTyped = () => Boolean(form.dataset.keepTyped) || !typing.same(typing.read(form), typing.sent(form));

    const versionNow = () => (form.elements.version || { value: version }).value;

    // What the browser put back was typed over the versions of then: sent with those of now, it would go over what
    // somebody else has saved since.
    const putBack = () => {
      if (isTyped()) versionsOf(form).forEach((field) => (field.value = then[field.name] || field.value));
      remember(form);
    };

    const toBrowser = () => {
      clearTimeout(browserTimer);
      if (isLeaving) return;
      if (!isTyped()) {
        say(savedAt ? `บันทึกแล้ว ${savedAt}` : "");
        if (isKept) discard(token);
        isKept = false;
        return;
      }
      isKept = true;
      const done = typing.keep(record, token, versionNow(), typing.typed(form));
      if (!state.textContent.startsWith("ยังไม่ได้บันทึก")) say("ยังไม่ได้บันทึก");
      if (!done && !drafts) say("ยังไม่ได้บันทึก และเก็บสิ่งที่กรอกไว้ในเครื่องนี้ไม่ได้ กรุณากดบันทึกก่อนปิดหน้านี้");
    };

    const post = (address, values) =>
      fetch(address, {
        method: "POST",
        body: new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, record, ...values }),
        redirect: "manual",
        keepalive: true,
      });

    const toServer = async () => {
      clearTimeout(serverTimer);
      const fields = JSON.stringify(typing.typed(form));
      if (!drafts || isLeaving || !isTyped() || fields === lastSent) return;
      lastSent = fields;
      try {
        const answer = await post(drafts, { token, version: versionNow(), fields });
        if (!isKept) return;
        if (answer.ok) say(`ยังไม่ได้บันทึก · เก็บร่างไว้แล้ว ${clock()}`);
        else if (answer.type === "opaqueredirect") say("ยังไม่ได้บันทึก · หมดเวลาใช้งานแล้ว สิ่งที่กรอกยังอยู่ เมื่อกดบันทึก ระบบจะให้เข้าสู่ระบบแล้วบันทึกให้");
        else say("ยังไม่ได้บันทึก · เก็บสิ่งที่กรอกไว้ในเครื่องนี้แล้ว");
      } catch {
        say("ยังไม่ได้บันทึก · ไม่มีสัญญาณเครือข่าย เก็บสิ่งที่กรอกไว้ในเครื่องนี้แล้ว");
        lastSent = "";
      }
    };

    const discard = (which) => {
      typing.forget(which);
      if (drafts) post(`${drafts}discard/`, { token: which }).catch(() => {});
      lastSent = "";
    };

    const settle = () => {
      toBrowser();
      remember(form); // the rows of a grid are saved one by one, and their versions move
    };
    const typed = () => {
      clearTimeout(browserTimer);
      clearTimeout(serverTimer);
      browserTimer = setTimeout(settle, BROWSER_AFTER);
      serverTimer = setTimeout(toServer, SERVER_AFTER);
    };
    const now = () => {
      toBrowser();
      return toServer();
    };
    form.addEventListener("input", typed);
    form.addEventListener("change", typed);
    document.addEventListener("visibilitychange", () => document.hidden && now());
    window.addEventListener("pagehide", toBrowser);
    window.addEventListener("online", now);
    toBrowser();
    const leave = (leaving = true) => {
      clearTimeout(serverTimer);
      isLeaving = leaving;
    };
    forms.set(form, { record, token, version, drafts, say, putBack, toBrowser, now, discard, leave });
  };

  document.querySelectorAll("[data-saved]").forEach((note) => typing.forget(note.dataset.saved));
  document.querySelectorAll("form[data-keep]").forEach(follow);
  // The browser's own restoring, after "back" or a reload, comes late and tells nobody.
  window.addEventListener("pageshow", ({ persisted }) =>
    forms.forEach((kept, form) => {
      kept.leave(false);
      if (!persisted) kept.putBack();
      form.dispatchEvent(new Event("change", { bubbles: true }));
      kept.toBrowser();
    }),
  );
  // A page that lives holds a lock under each of its tokens: what another tab is typing is not offered here.
  if (navigator.locks) forms.forEach(({ token }) => navigator.locks.request(`typing|${token}`, () => new Promise(() => {})));

  // Signing out empties this browser; what was not saved waits on the server.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.dataset.signOut === undefined) return;
    event.preventDefault();
    await Promise.all(Array.from(forms.values(), (kept) => kept.now()));
    forms.forEach((kept) => kept.leave());
    typing.forgetAccount();
    form.submit();
  });

  return { forms, clock, moment: (at) => `${day(at)} ${clock(at)}` };
})();
