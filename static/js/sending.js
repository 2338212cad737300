// Sending a form[data-keep]: first by a request of its own, which waits for the network and the server and tries again by
// itself. The form's one-time token lets the server act once, however often it is sent. An answer that is a page, and
// anything with a password in it, goes the browser's usual way.
window.eplan.sending = (() => {
  const { typing, keep } = window.eplan;
  const PATIENCE = 30000;
  const AGAIN_AFTER = 3000;
  let usual = new WeakSet();
  const busy = new WeakSet();

  const pause = (time) =>
    new Promise((resolve) => {
      setTimeout(resolve, time);
      window.addEventListener("online", resolve, { once: true });
    });
  // A server on its way down answers 500, and so does a fault of ours: that one is shown after the third time.
  const isAway = (answer, failures) => [502, 503, 504].includes(answer.status) || (answer.status === 500 && failures < 3);

  const request = async (address, fields, options) => {
    const body = new URLSearchParams(fields);
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), PATIENCE);
    try {
      return await fetch(address, { method: "POST", body, redirect: "manual", signal: limit.signal, ...options });
    } finally {
      clearTimeout(timer);
    }
  };

  const send = async (form, button) => {
    const { say, toBrowser, leave } = keep.forms.get(form);
    for (let failures = 1; ; failures += 1) {
      toBrowser();
      leave();
      say("กำลังบันทึก…");
      let time = AGAIN_AFTER;
      try {
        const answer = await request(form.action, new FormData(form, button), { headers: { "X-Keep": "1" } });
        if (!isAway(answer, failures)) return answer;
        const seconds = Number(answer.headers.get("Retry-After")); // a crowded server says when to come again
        if (seconds) time = seconds * 1000;
        say(
          seconds
            ? `ยังไม่ได้บันทึก · ขณะนี้มีผู้ใช้งานจำนวนมาก ข้อมูลที่กรอกยังอยู่ และจะส่งให้เองในอีก ${seconds} วินาที กรุณาเปิดหน้านี้ไว้`
            : "ยังไม่ได้บันทึก · ระบบไม่ตอบชั่วคราว ข้อมูลที่กรอกยังอยู่ และจะส่งให้เองเมื่อใช้ได้อีกครั้ง กรุณาเปิดหน้านี้ไว้",
        );
      } catch {
        say("ยังไม่ได้บันทึก · ไม่มีสัญญาณเครือข่าย ข้อมูลที่กรอกยังอยู่ และจะส่งให้เองเมื่อเครือข่ายกลับมา กรุณาเปิดหน้านี้ไว้");
      }
      leave(false);
      await pause(time);
    }
  };

  const submit = async (form, button) => {
    const kept = keep.forms.get(form);
    const secret = Array.from(form.elements).some((field) => field.type === "password" && field.value);
    kept.toBrowser();
    // A form can't be sent from within its own submit event.
    const answer = secret ? await new Promise((resolve) => setTimeout(resolve)) : await send(form, button);
    kept.leave();
    const to = answer && answer.headers.get("X-Keep-To");
    if (to) {
      typing.forget(kept.token);
      kept.say(`บันทึกแล้ว ${keep.clock()}`);
      window.location.assign(to);
      return;
    }
    usual.add(form);
    setTimeout(() => form.requestSubmit(button)); // not within the submitting that is going on
  };

  // Asked before every other listener, so that the one that disables the buttons meets the usual way alone.
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!keep.forms.has(form) || usual.has(form)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (busy.has(form)) return;
      busy.add(form);
      submit(form, event.submitter).finally(() => busy.delete(form));
    },
    true,
  );
  // What was carried through a sign-in is saved without another click.
  document.querySelectorAll("form[data-send-now]").forEach((form) => form.requestSubmit());
  // Back on a page that the browser had put aside.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) usual = new WeakSet();
  });

  return { AGAIN_AFTER, isAway, request };
})();
