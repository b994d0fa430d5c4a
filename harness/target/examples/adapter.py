#!/usr/bin/env python3
"""Example adapter: speaks binding v1 on loopback and relays to a product with an interface of its own, here the stand-in vendor
delta (`ecric serve --vendor delta`). Put your product's paths, headers and login in their place. Python 3.8, nothing else."""
import http.client, json, os, re, sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PRODUCT = urlsplit(os.environ["ECRIC_URL"])
# Published test credentials of the stand-in; those of a real product belong in the environment only.
LOGIN = json.dumps({"user": os.environ.get("DELTA_USER", "delta-user-1"), "password": os.environ.get("DELTA_PASSWORD", "delta-test-password")})
ROUTES = """GET /capabilities GET about; POST /licences POST new; POST /licences/search POST find; POST /licences/{}/metadata POST card/{}/read;
POST /licences/{}/file POST card/{}/document; GET /licences/{}/status GET card/{}/state; POST /licences/{}/transitions PUT card/{}/state;
POST /licences/{}/reissue PUT card/{}/successor; GET /status-lists/{} GET lists/{}; GET /trust-anchors GET anchors; POST /audit/search POST journal;
POST /verify/file POST check/document; POST /verify/presentation POST check/code; POST /verify/attributes POST check/person;
POST /verify/batch POST check/many; PUT /test/trust-anchors PUT test/anchors; PUT /test/clock PUT test/clock; POST /test/personas POST test/people;
POST /test/faults POST test/faults; DELETE /test/faults/{} DELETE test/faults/{}"""
ROUTES = [(ours, re.compile("/v1" + path.replace("{}", "([^/]+)")), theirs, to) for ours, path, theirs, to in (line.split() for line in ROUTES.split(";"))]
ASKED = {"Content-Type": "Content-Type", "Idempotency-Key": "X-Once-Key", "If-Match": "X-If-Version", "If-None-Match": "X-Known-Version", "X-Ecric-Request-Id": "X-Trace"}
ANSWERED = {"X-Version": "ETag", "X-Once-Repeated": "Idempotent-Replay", "X-Trace": "X-Ecric-Request-Id", **{same: same for same in ("Date", "Content-Type", "Cache-Control", "Retry-After")}}
session, logging_in = "", threading.Lock()

class Adapter(BaseHTTPRequestHandler):
    protocol_version, disable_nagle_algorithm, wbufsize, product = "HTTP/1.1", True, -1, None
    log_message = lambda *_: None  # personal data must not reach a log

    def call(self, method, path, headers, body):
        for fresh in (False, True):  # one kept connection; once more where it has been closed meanwhile
            if self.product is None or fresh:
                self.product = (http.client.HTTPSConnection if PRODUCT.scheme == "https" else http.client.HTTPConnection)(PRODUCT.hostname, PRODUCT.port, timeout=20)
            try:
                self.product.request(method, PRODUCT.path.rstrip("/") + path, body, headers)
                answer = self.product.getresponse()
                return answer, answer.read()
            except (ConnectionError, http.client.HTTPException):
                if fresh: raise

    def product_says(self, method, path, headers, body):
        global session
        for attempt in (1, 2):  # a session that has ended is renewed once, by one caller for all
            used = session
            answer, content = self.call(method, path, {**headers, "X-Session": used}, body)
            if answer.status != 401 or attempt == 2: return answer, content
            with logging_in:
                if session == used: session = self.call("POST", "/session", {"Content-Type": "application/json"}, LOGIN)[0].headers.get("X-Session", "")

    def relay(self):
        path, body = self.path.split("?")[0], self.rfile.read(int(self.headers.get("Content-Length", 0)))
        known = {ours: (theirs, to, route.fullmatch(path)) for ours, route, theirs, to in ROUTES if route.fullmatch(path)}
        if self.command not in known: return self.refuse(405, "METHOD_NOT_ALLOWED", "the path has another method") if known else self.refuse(404, "NOT_FOUND", "no such path")
        theirs, to, match = known[self.command]
        headers = {name: self.headers[ours] for ours, name in ASKED.items() if ours in self.headers}
        try: answer, content = self.product_says(theirs, "/api/idcard/" + to.format(*match.groups()), headers, body)
        except (OSError, http.client.HTTPException): return self.refuse(503, "UNAVAILABLE", "the product does not answer")
        self.answer(answer.status, {ours: answer.headers[name] for name, ours in ANSWERED.items() if name in answer.headers}, content)
    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = relay

    def refuse(self, status, code, message):
        trace = self.headers.get("X-Ecric-Request-Id", "-")
        body = {"code": code, "message": message, "requestId": trace, "details": [], "retryAfter": None}
        self.answer(status, {"Content-Type": "application/json", "Date": self.date_time_string(), "X-Ecric-Request-Id": trace}, json.dumps(body).encode())

    def answer(self, status, headers, content):
        self.send_response_only(status)
        for name, value in headers.items() if status in (204, 304) else {**headers, "Content-Length": str(len(content))}.items(): self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])), Adapter).serve_forever()
