// The situations: a policy and a request each, and what there is to see.

import { page, senders } from "./control.js";

const [, loopback, app, www, neighbour] = senders;

export const POLICY = {
  allow_origins: [],
  allow_origin_regex: [],
  allow_methods: ["GET"],
  allow_headers: [],
  expose_headers: [],
  allow_credentials: false,
  allow_private_network: false,
  max_age: 600,
  mirror_methods: false,
  preflight_status: 200,
  browser_diagnostics: false,
  constant_wildcard: false,
  preset: [],
  enforce_origin: "Nothing",
  tolerate: [],
};

export const REQUEST = {
  origin: page,
  method: "GET",
  headers: [],
  credentials: false,
  answer: "json",
  front: "nothing",
};

const JSON_BODY = "Content-Type: application/json";

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
        "A page sends JSON with PUT and a header of its own. The browser asks the API first, gets leave, and sends.",
        { allow_methods: ["GET", "PUT"], allow_headers: ["X-Token"] },
        { method: "PUT", headers: [JSON_BODY, "X-Token: 42"] },
      ),
      situation(
        "article",
        "The gateway’s preflight",
        "Somebody typed an answer to OPTIONS into the gateway, and it is perfect. The backend behind it has no CORS at all, so the PUT is carried out and its page still sees a failure.",
        { allow_methods: ["GET", "PUT"] },
        { method: "PUT", headers: [JSON_BODY], front: "gateway-answers" },
      ),
      situation(
        "wildcard-credentials",
        "Wildcard with cookies",
        "`*` and credentials, as many tutorials have it. FastAPI starts with this and lets every site on the web act as its visitor; here the service does not start.",
        { allow_origins: ["*"], allow_credentials: true },
        { credentials: true },
      ),
      situation(
        "trailing-slash",
        "Trailing slash",
        "An address copied from the browser’s address bar. FastAPI starts with it and refuses every page without a word; this crate says what to write.",
        { allow_origins: [`${page}/`] },
        {},
      ),
      situation(
        "exposed",
        "Missing exposed header",
        "The page may read the response and asks for `X-Total-Count`. It is there, the browser has seen it, and the script gets `null`.",
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
        "The list says https, the page was opened with http. To a browser these are two origins.",
        { allow_origins: [page.replace("http:", "https:")] },
        {},
      ),
      situation(
        "port",
        "Port forgotten",
        "The list has the host and lacks the port of the development server.",
        { allow_origins: ["http://localhost"] },
        {},
      ),
      situation(
        "loopback",
        "127.0.0.1 or localhost?",
        "Both lead to the same machine, and they are two origins.",
        {},
        { origin: loopback },
      ),
      situation(
        "www",
        "www. or not",
        "The site answers with and without www., the list has only one of them.",
        { allow_origins: [app] },
        { origin: www },
      ),
      situation(
        "subdomains",
        "Any subdomain",
        "A pattern takes every subdomain, at any depth and, with `:*`, at any port.",
        { allow_origins: ["http://*.localhost:*"] },
        { origin: www },
      ),
      situation(
        "null",
        "The origin null",
        "A sandboxed frame, or a page opened from a file, has no origin to name, so its browser sends `null`.",
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
        "`allow_methods` is GET alone unless said otherwise, as in FastAPI. The page sends DELETE.",
        {},
        { method: "DELETE" },
      ),
      situation(
        "header",
        "Header missing",
        "A Bearer token travels in `Authorization`, and no API takes that without saying so.",
        {},
        { headers: ["Authorization: Bearer demo"] },
      ),
      situation(
        "several",
        "Two at once",
        "Method and header are both not allowed; a 400 lets no console say which.",
        {},
        { method: "PUT", headers: ["X-Token: 42"] },
      ),
      situation(
        "diagnostics",
        "A telling console",
        "The same with `browser_diagnostics`: what the browser refuses by itself is answered 200, so that its console (F12) can name the cause. Nothing more is allowed.",
        { browser_diagnostics: true },
        { method: "PUT", headers: ["X-Token: 42"] },
      ),
      situation(
        "patch",
        "patch in lower case",
        "Browsers write get, post, put and delete in upper case for you. Not patch.",
        { allow_methods: ["GET", "PATCH"] },
        { method: "patch" },
      ),
      situation(
        "grpc-web",
        "gRPC-Web",
        "The call arrives and fails with a gRPC status, which travels in headers that the page cannot read.",
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
        "The page asks with `credentials: \"include\"`, the policy does not speak of credentials.",
        {},
        { credentials: true },
      ),
      situation(
        "any-site",
        "Why * is dangerous",
        "The danger is accepted, so the service starts. Now a page of some other server asks with the cookies of your visitor; see whom the API greets.",
        {
          allow_origins: ["*"],
          allow_credentials: true,
          tolerate: ["AnyOrigin"],
        },
        { origin: neighbour, credentials: true },
      ),
    ],
  },
  {
    name: "Around the layer",
    situations: [
      situation(
        "login",
        "Login comes first",
        "Authentication stands outside of the CORS layer and asks every request for a token. Browsers never put one on a preflight.",
        { allow_headers: ["Authorization"] },
        { headers: ["Authorization: Bearer demo"], front: "login" },
      ),
      situation(
        "both",
        "Two add headers",
        "The gateway adds `Access-Control-Allow-Origin: *` to what the backend has already decorated.",
        {},
        { front: "gateway-adds" },
      ),
      situation(
        "error",
        "A readable 500",
        "The handler fails. The layer decorates every status, so the page sees the error and not a riddle.",
        {},
        { answer: "error" },
      ),
      situation(
        "no-guard",
        "CORS is no guard",
        "A form’s POST needs no preflight. The origin is not allowed, and the handler carries the request out all the same.",
        {},
        { origin: loopback, method: "POST" },
      ),
      situation(
        "enforced",
        "The guard",
        "`enforce_origin` refuses requests of other origins before they are carried out. That is not CORS, so one has to ask for it.",
        { enforce_origin: "AllRequests" },
        { origin: loopback, method: "POST" },
      ),
    ],
  },
];

export const SITUATIONS = GROUPS.flatMap((group) => group.situations);
