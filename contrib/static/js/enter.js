// The QR code of a sheet carries its code behind the #, which no proxy sees.
import { attach } from "./lib/attach.js";
import { leave } from "./behaviours/leave.js";

function enterByFragment() {
  const code = location.hash.slice(1);
  if (!/^[0-9a-z]{10}$/i.test(code)) return;
  history.replaceState(null, "", location.pathname); // and neither does whoever looks at the address
  const box = document.getElementById("code");
  box.value = code;
  box.form.requestSubmit();
}

attach({ leave });
addEventListener("hashchange", enterByFragment);
document.getElementById("code")?.select(); // a refused code is in the box: what is typed replaces it
enterByFragment();
