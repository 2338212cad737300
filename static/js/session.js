// A warning before the session ends, with a button that gives it more time. The moment is the server's; what one tab
// hears of it, the account's other tabs hear too.
(() => {
  const WARN = 5 * 60 * 1000;
  const { clock } = window.eplan.keep;
  const others = window.BroadcastChannel && new BroadcastChannel(`session|${document.body.dataset.account}`);
  let endsAt = null; // not known yet
  let timer;
  let bar = null;

  const hide = () => {
    if (bar) bar.remove();
    bar = null;
  };
  const show = (words, ...more) => {
    if (bar && bar.firstChild.textContent === words) return;
    hide();
    bar = document.createElement("div");
    bar.className = "session-warning";
    bar.setAttribute("role", "alert");
    const text = document.createElement("p");
    text.textContent = words;
    bar.append(text, ...more);
    document.body.append(bar);
  };

  const extend = async () => {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    try {
      const answer = await fetch(document.body.dataset.extend, {
        method: "POST",
        body: new URLSearchParams({ csrfmiddlewaretoken: token }),
        redirect: "manual",
      });
      if (answer.ok) tell((await answer.json()).ends_in);
      else ended();
    } catch {
      bar.querySelector("p").textContent = "ต่อเวลาไม่ได้ เพราะไม่มีสัญญาณเครือข่าย กรุณาลองอีกครั้ง";
    }
  };

  const warn = () => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-primary btn-sm";
    button.textContent = "ใช้งานต่อ";
    button.addEventListener("click", extend);
    show(`การใช้งานจะหมดเวลา ${clock(new Date(endsAt))} ข้อมูลที่กรอกจะยังอยู่ แต่ต้องเข้าสู่ระบบใหม่`, button);
  };

  const ended = () => show("หมดเวลาใช้งานแล้ว ข้อมูลที่กรอกยังอยู่ เมื่อกดบันทึก ระบบจะให้เข้าสู่ระบบแล้วบันทึกให้");

  // By the clock, since a timer stands still while the machine sleeps.
  const look = () => {
    clearTimeout(timer);
    if (endsAt === null) return;
    const left = endsAt - Date.now();
    if (left <= 0) {
      ended();
      return;
    }
    if (left > WARN) hide();
    else warn();
    timer = setTimeout(look, left > WARN ? left - WARN : left);
  };

  const arm = (seconds) => {
    endsAt = Date.now() + seconds * 1000;
    look();
  };
  const tell = (seconds) => {
    arm(seconds);
    if (others) others.postMessage(seconds);
  };

  document.addEventListener("session-ends", (event) => tell(event.detail));
  document.addEventListener("visibilitychange", look);
  if (others) others.addEventListener("message", (event) => arm(event.data));
})();
