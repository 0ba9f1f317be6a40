// A line of a browser's console: which check it is about, what causes it, and the situation that shows it.

import { element, prose } from "./element.js";
import { byId } from "./situations.js";

// Chromium, Firefox and WebKit say the same in other words. The first row that matches counts.
// A row is the texts, the reason, and the causes: situation and why.
const ROWS = [
  {
    texts: [/contains multiple values|cannot contain more than one origin|Multiple CORS header/, /does not match ‘[^’]*,[^’]*’/],
    reason: "The response has the header `Access-Control-Allow-Origin` twice.",
    causes: [["both", "Two components add it, often the gateway and the application. Let exactly one of them set CORS headers."]],
  },
  {
    texts: [/must not be the wildcard|Credential is not supported if|Cannot use wildcard/],
    reason: "The page asked with cookies, and `Access-Control-Allow-Origin` is `*`.",
    causes: [
      ["star-cookies", "The policy allows any origin. For cookies, list the origins and allow credentials; otherwise leave out `credentials: \"include\"`."],
    ],
  },
  {
    texts: [/Access-Control-Allow-Credentials.{0,20}header in the response is|expected ‘true’ in CORS header|Credentials flag is true, but/],
    reason: "The page asked with cookies, and `Access-Control-Allow-Credentials: true` is missing.",
    causes: [["cookies", "The policy does not allow credentials."]],
  },
  {
    texts: [/Redirect is not allowed for a preflight|external redirect not allowed/, /Preflight response is not successful\. Status code: 3\d\d/],
    reason: "The preflight was answered with a redirect.",
    causes: [["redirect", "Something in front of the CORS layer redirects, for example to https or to a trailing slash. Let the page request the final address."]],
  },
  {
    texts: [/Method \S+ is not allowed by|Did not find method in CORS header/],
    reason: "The preflight’s answer does not list the method.",
    causes: [
      ["diagnostics", "`allow_methods` does not list the method."],
      ["patch", "The page writes `patch` in lower case. Methods are case-sensitive."],
    ],
  },
  {
    texts: [/Request header field \S+ is not allowed by|header ‘[^’]+’ is not allowed according to/],
    reason: "The preflight’s answer does not list a header of the request.",
    causes: [["header-named", "`allow_headers` does not list the header."]],
  },
  {
    texts: [/that is not equal to the supplied origin|contains the invalid value/, /‘Access-Control-Allow-Origin’ does not match/],
    reason: "`Access-Control-Allow-Origin` names another origin than the page’s.",
    causes: [["other-origin", "A gateway or a handler sends one fixed origin. Let the layer echo the page’s origin."]],
  },
  {
    texts: [/does not have HTTP ok status|preflight response did not succeed/],
    reason: "The status of the preflight’s answer is not 200 to 299.",
    causes: [
      ["method", "The layer refuses the method. The server’s log names it."],
      ["header", "The layer refuses a header. The server’s log names it."],
      ["several", "It refuses both. Turn on `browser_diagnostics`, and the console names them."],
    ],
  },
  {
    texts: [/from origin 'null' .*No 'Access-Control-Allow-Origin'/s, /Origin null is not allowed/],
    reason: "The page has no origin of its own, and the response has no CORS headers for `null`.",
    causes: [["null", "The page is a sandboxed frame or was opened from a file. Serve it from a server."]],
  },
  {
    // By the status: an error that was made outside of the layer, or a refusal of the layer.
    texts: [/Preflight response is not successful\. Status code: 40[137]/, /doesn't pass access control check.*No 'Access-Control-Allow-Origin'/s, /missing\)\. Status code: 40[137]/],
    reason: "The preflight’s answer has no CORS headers for this origin, or its status is an error.",
    causes: [
      ["login", "Something outside of the CORS layer, often the login, answers preflights."],
      ["www", "The layer answers, and the origin is not in `allow_origins`. Compare scheme, host and port."],
    ],
  },
  {
    texts: [/Preflight response is not successful/],
    reason: "The status of the preflight’s answer is not 200 to 299.",
    causes: [
      ["method", "The layer refuses the method or a header."],
      ["www", "The layer refuses the origin."],
    ],
  },
  {
    texts: [/Status code: (429|5\d\d)/],
    reason: "An error response has no CORS headers for this origin.",
    causes: [
      ["limit", "A limit, a timeout or a gateway outside the CORS layer makes the error. Put the layer outside it."],
      ["loopback", "Or the origin is not in `allow_origins`."],
    ],
  },
  {
    texts: [/No 'Access-Control-Allow-Origin' header is present|‘Access-Control-Allow-Origin’ missing|is not allowed by Access-Control-Allow-Origin/],
    reason: "The response has no CORS headers for this origin.",
    causes: [
      ["loopback", "The origin is not in `allow_origins`. Compare scheme, host and port with the origin in the line."],
      ["article", "There is no CORS layer around this route, but something answers the preflights."],
      ["limit", "The response is an error from outside the CORS layer. Look at the status in the network panel."],
      ["enforced", "`enforce_origin` refused the request with 403."],
    ],
  },
];

const ENGINES = [
  [/Access to .+ has been blocked by CORS policy/s, "Chrome, Edge or another Chromium"],
  [/Cross-Origin Request Blocked/, "Firefox"],
  [/due to access control checks|access control checks|Preflight response is not|is not allowed by Access-Control-Allow-|Allow-Origin (cannot|when)|Credentials flag/, "Safari"],
];

// { engine, row, origin, url }, or null.
export function understand(line) {
  const row = ROWS.find(({ texts }) => texts.some((text) => text.test(line)));
  if (!row) return null;
  return {
    row,
    engine: ENGINES.find(([text]) => text.test(line))?.[1],
    origin: (/from origin '([^']+)'/.exec(line) ?? /Origin (\S+) is not allowed/.exec(line))?.[1],
    url: (/Access to .+? at '([^']+)'/.exec(line) ?? /resource at (\S+?)\. \(/.exec(line) ?? /cannot load (\S+?) due to/.exec(line))?.[1],
  };
}

const CANNOT_TELL = /^\W*(Uncaught \(in promise\) )?TypeError: (Failed to fetch|NetworkError|Load failed)|net::ERR_FAILED/;

export function showCauses(line, place, open) {
  if (!line.trim()) return place.replaceChildren();
  const understood = understand(line);
  if (!understood) {
    const text = CANNOT_TELL.test(line)
      ? "This is all that the script gets. The reason is in another line of the console."
      : "The playground does not know this line. Paste the whole line, as the console prints it.";
    return place.replaceChildren(element("p", { class: "unknown" }, text));
  }
  const { row, engine, origin, url } = understood;
  const fact = (name, value) => value && element("div", {}, element("dt", {}, name), element("dd", {}, element("code", {}, value)));
  place.replaceChildren(
    element("h2", { id: "cause-title" }, prose(row.reason)),
    element("dl.facts", {}, engine && element("div", {}, element("dt", {}, "Printed by"), element("dd", {}, engine)), fact("Page", origin), fact("Asked for", url)),
    element("h3", {}, row.causes.length > 1 ? "Possible causes, the likely one first" : "The cause"),
    element(
      "ol.causes",
      {},
      row.causes.map(([id, why]) =>
        element(
          "li.cause",
          {},
          element("p", {}, prose(why)),
          element("button.second", { type: "button", "data-situation": id, onclick: () => open(byId(id)) }, `Show “${byId(id).name}”`),
        ),
      ),
    ),
  );
}
