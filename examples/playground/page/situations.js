// The situations: a policy and a request each, and what there is to see.

import { page, senders } from "./control.js";
import { POLICY } from "./defaults.js";

const [, loopback, app, www, neighbour] = senders;

export { POLICY };

export const REQUEST = {
  origin: page,
  method: "GET",
  headers: [],
  credentials: false,
  answer: "json",
  front: "nothing",
  others: false,
};

const JSON_BODY = "Content-Type: application/json";
const TOKEN = "Authorization: Bearer demo";

const situation = (id, name, story, policy, request) => ({
  id,
  name,
  story,
  policy: { ...POLICY, allow_origins: [page], ...policy },
  request: { ...REQUEST, ...request },
});

export const GROUPS = [
  {
    name: "Start here",
    situations: [
      situation(
        "works",
        "It works",
        "A page sends JSON with PUT and the header `X-Token`. The browser first asks the API for permission, gets it, and then sends the PUT.",
        { allow_methods: ["GET", "PUT"], allow_headers: ["X-Token"] },
        { method: "PUT", headers: [JSON_BODY, "X-Token: 42"] },
      ),
      situation(
        "article",
        "The gateway’s preflight",
        "The gateway answers OPTIONS by itself, and its answer is correct. But the backend has no CORS layer. The backend handles the PUT, and the browser still hides the response from the page.",
        { allow_methods: ["GET", "PUT"] },
        { method: "PUT", headers: [JSON_BODY], front: "gateway-answers" },
      ),
      situation(
        "wildcard-credentials",
        "Wildcard with cookies",
        "`*` together with credentials, as many tutorials show it. FastAPI starts with this, and then every website can read the answers that are meant for your user. Here the service does not start.",
        { allow_origins: ["*"], allow_credentials: true },
        { credentials: true },
      ),
      situation(
        "trailing-slash",
        "Trailing slash",
        "An address copied from the address bar. FastAPI starts with it, refuses every page and logs nothing. This crate reports it at start-up and says what to write.",
        { allow_origins: [`${page}/`] },
        {},
      ),
      situation(
        "exposed",
        "Missing exposed header",
        "The page may read the response, and the script reads `X-Total-Count`. The API sent that header, but the script gets `null`.",
        {},
        { answer: "counted" },
      ),
    ],
  },
  {
    name: "Origins",
    situations: [
      situation(
        "scheme",
        "http or https?",
        "The list says https, and the page was opened with http. To a browser these are two origins.",
        { allow_origins: [page.replace("http:", "https:")] },
        {},
      ),
      situation(
        "port",
        "Port forgotten",
        "The list has the host, but not the port of the development server.",
        { allow_origins: ["http://localhost"] },
        {},
      ),
      situation(
        "loopback",
        "127.0.0.1 or localhost?",
        "Both names lead to the same machine. They are two origins.",
        {},
        { origin: loopback },
      ),
      situation(
        "www",
        "www. or not",
        "The site can be opened with and without www. The list has only one of the two.",
        { allow_origins: [app] },
        { origin: www },
      ),
      situation(
        "subdomains",
        "Any subdomain",
        "The pattern matches every subdomain at any depth. With `:*` it also matches every port.",
        { allow_origins: ["http://*.localhost:*"] },
        { origin: www },
      ),
      situation(
        "null",
        "The origin null",
        "A sandboxed frame has no origin of its own, so the browser sends `null`. So does a page that was opened from a file.",
        {},
        { origin: "null" },
      ),
    ],
  },
  {
    name: "Methods and headers",
    situations: [
      situation(
        "method",
        "Method missing",
        "`allow_methods` is only GET by default, as in FastAPI. The page sends DELETE.",
        {},
        { method: "DELETE" },
      ),
      situation(
        "header",
        "Header missing",
        "A Bearer token is sent in the header `Authorization`. The policy must list it.",
        {},
        { headers: [TOKEN] },
      ),
      situation(
        "several",
        "Two at once",
        "The method and the header are both not allowed. The answer is 400, and no browser’s console says which of them is wrong.",
        {},
        { method: "PUT", headers: ["X-Token: 42"] },
      ),
      situation(
        "diagnostics",
        "Console names the cause",
        "The same with `browser_diagnostics`: refused preflights are answered with 200, so the console can name the cause. It allows nothing more.",
        { browser_diagnostics: true },
        { method: "PUT", headers: ["X-Token: 42"] },
      ),
      situation(
        "header-named",
        "Console names the header",
        "With `browser_diagnostics` the console names the header that the list lacks.",
        { browser_diagnostics: true },
        { headers: ["X-Token: 42"] },
      ),
      situation(
        "patch",
        "patch in lower case",
        "Browsers write get, post, put and delete in upper case for you. They do not do so for patch.",
        { allow_methods: ["GET", "PATCH"] },
        { method: "patch" },
      ),
      situation(
        "grpc-web",
        "gRPC-Web",
        "The call arrives and fails with a gRPC status. The status is in headers that the page cannot read.",
        { allow_methods: ["POST"], allow_headers: ["X-Grpc-Web"] },
        {
          method: "POST",
          headers: ["Content-Type: application/grpc-web+proto", "X-Grpc-Web: 1"],
          answer: "grpc-web",
        },
      ),
    ],
  },
  {
    name: "Cookies",
    situations: [
      situation(
        "cookies",
        "Cookies not allowed",
        "The page asks with `credentials: \"include\"`. The policy does not allow credentials.",
        {},
        { credentials: true },
      ),
      situation(
        "star-cookies",
        "* and a cookie",
        "The API allows every origin, but not credentials. With cookies the browser does not accept `*`.",
        { allow_origins: ["*"] },
        { credentials: true },
      ),
      situation(
        "any-site",
        "Why * is dangerous",
        "The danger is tolerated, so the service starts. Now a page of another server asks with your user’s cookies. See which user the API greets.",
        {
          allow_origins: ["*"],
          allow_credentials: true,
          tolerate: ["AnyOrigin"],
        },
        { origin: neighbour, credentials: true },
      ),
      situation(
        "two-policies",
        "Two policies",
        "Your own page may use cookies. Every other page may read what is public, without cookies. `PerRequestLayer::first` picks the policy by the origin.",
        { allow_credentials: true },
        { origin: neighbour, others: true },
      ),
    ],
  },
  {
    name: "Around the layer",
    situations: [
      situation(
        "login",
        "Login comes first",
        "Authentication is outside the CORS layer and needs a token with every request. Browsers never send one with a preflight.",
        { allow_headers: ["Authorization"] },
        { headers: [TOKEN], front: "login" },
      ),
      situation(
        "limit",
        "An error made outside",
        "A rate limit is outside the CORS layer. Its 429 has no CORS headers, so the page cannot see that it should wait.",
        {},
        { front: "limit" },
      ),
      situation(
        "redirect",
        "Redirected preflight",
        "The gateway redirects to the address with a trailing slash. Browsers do not follow a redirect of a preflight.",
        { allow_methods: ["GET", "PUT"] },
        { method: "PUT", front: "redirects" },
      ),
      situation(
        "both",
        "Header added twice",
        "The gateway adds `Access-Control-Allow-Origin: *` to a response that already has this header.",
        {},
        { front: "gateway-adds" },
      ),
      situation(
        "other-origin",
        "A fixed origin",
        "The gateway always sends one fixed origin, for every page.",
        {},
        { front: "gateway-names" },
      ),
      situation(
        "error",
        "A readable 500",
        "The handler fails. The layer adds its headers to every status, so the page can read the error.",
        {},
        { answer: "error" },
      ),
      situation(
        "no-guard",
        "CORS refuses nothing",
        "A form’s POST needs no preflight. The origin is not allowed, and the handler still runs.",
        {},
        { origin: loopback, method: "POST" },
      ),
      situation(
        "enforced",
        "enforce_origin",
        "`enforce_origin` refuses requests of other origins before they reach the handler. This is not part of CORS, so it is off by default.",
        { enforce_origin: "AllRequests" },
        { origin: loopback, method: "POST" },
      ),
    ],
  },
];

export const SITUATIONS = GROUPS.flatMap((group) => group.situations);

export const byId = (wanted) => SITUATIONS.find(({ id }) => id === wanted);
