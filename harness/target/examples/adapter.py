#!/usr/bin/env python3
"""Example adapter: speaks binding v1 on loopback and relays to a product with an interface of its own.

The product here is the stand-in vendor delta (`ecric serve --vendor delta`). Put your product's paths,
headers and login in their place: the rest can stay. Needs Python 3.8 or later and nothing else.
"""
import argparse, http.client, json, os, re, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PRODUCT = urlsplit(os.environ["ECRIC_URL"])
# Published test credentials of the stand-in; those of a real product belong in the environment only.
LOGIN = {"user": os.environ.get("DELTA_USER", "delta-user-1"), "password": os.environ.get("DELTA_PASSWORD", "delta-test-password")}
ID = "([^/]+)"
ROUTES = [(method, re.compile("/v1" + path), to, template) for method, path, to, template in [
    ("GET", "/capabilities", "GET", "about"), ("POST", "/licences", "POST", "new"),
    ("POST", "/licences/search", "POST", "find"), ("POST", f"/licences/{ID}/metadata", "POST", "card/{}/read"),
    ("POST", f"/licences/{ID}/file", "POST", "card/{}/document"), ("GET", f"/licences/{ID}/status", "GET", "card/{}/state"),
    ("POST", f"/licences/{ID}/transitions", "PUT", "card/{}/state"),
    ("POST", f"/licences/{ID}/reissue", "PUT", "card/{}/successor"), ("GET", f"/status-lists/{ID}", "GET", "lists/{}"),
    ("GET", "/trust-anchors", "GET", "anchors"), ("POST", "/audit/search", "POST", "journal"),
    ("POST", "/verify/file", "POST", "check/document"), ("POST", "/verify/presentation", "POST", "check/code"),
    ("POST", "/verify/attributes", "POST", "check/person"), ("POST", "/verify/batch", "POST", "check/many"),
    ("PUT", "/test/trust-anchors", "PUT", "test/anchors"), ("PUT", "/test/clock", "PUT", "test/clock"),
    ("POST", "/test/personas", "POST", "test/people"), ("POST", "/test/faults", "POST", "test/faults"),
    ("DELETE", f"/test/faults/{ID}", "DELETE", "test/faults/{}")]]
ASKED = {"Content-Type": "Content-Type", "Idempotency-Key": "X-Once-Key", "If-Match": "X-If-Version",
         "If-None-Match": "X-Known-Version", "X-Ecric-Request-Id": "X-Trace"}
ANSWERED = {"X-Version": "ETag", "X-Once-Repeated": "Idempotent-Replay", "X-Trace": "X-Ecric-Request-Id", "Date": "Date",
            "Content-Type": "Content-Type", "Cache-Control": "Cache-Control", "Retry-After": "Retry-After"}
session, logging_in = "", threading.Lock()


class Adapter(BaseHTTPRequestHandler):
    protocol_version, disable_nagle_algorithm, wbufsize = "HTTP/1.1", True, -1
    product = None  # one kept connection to the product for each connection to us

    def call(self, method, path, headers, body):
        for fresh in (False, True):  # once more where the kept connection has been closed meanwhile
            if self.product is None or fresh:
                kind = http.client.HTTPSConnection if PRODUCT.scheme == "https" else http.client.HTTPConnection
                self.product = kind(PRODUCT.hostname, PRODUCT.port, timeout=20)
            try:
                self.product.request(method, PRODUCT.path.rstrip("/") + path, body, headers)
                answer = self.product.getresponse()
                return answer, answer.read()
            except (ConnectionError, http.client.HTTPException):
                if fresh:
                    raise

    def log_in(self, ended):
        global session
        with logging_in:  # one caller logs in, the others use its session
            if session == ended:
                answer, _ = self.call("POST", "/session", {"Content-Type": "application/json"}, json.dumps(LOGIN))
                session = answer.headers.get("X-Session", "")

    def relay(self):
        path = self.path.split("?")[0]
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        known = [(route, route[1].fullmatch(path)) for route in ROUTES if route[1].fullmatch(path)]
        for (method, _, to, template), match in known:
            if method == self.command:
                headers = {ours: self.headers[name] for name, ours in ASKED.items() if name in self.headers}
                try:
                    for attempt in range(2):  # a session that has ended is renewed once
                        used = session
                        answer, content = self.call(to, "/api/idcard/" + template.format(*match.groups()), {**headers, "X-Session": used}, body)
                        if answer.status != 401 or attempt:
                            break
                        self.log_in(used)
                except (OSError, http.client.HTTPException):
                    return self.refuse(503, "UNAVAILABLE", "the product does not answer")
                return self.answer(answer.status, [(ours, answer.headers[name]) for name, ours in ANSWERED.items() if name in answer.headers], content)
        return self.refuse(405, "METHOD_NOT_ALLOWED", "the path has another method") if known else self.refuse(404, "NOT_FOUND", "no such path")

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = relay

    def refuse(self, status, code, message):
        trace = self.headers.get("X-Ecric-Request-Id", "-")
        body = {"code": code, "message": message, "requestId": trace, "details": [], "retryAfter": None}
        self.answer(status, [("Content-Type", "application/json"), ("Date", self.date_time_string()), ("X-Ecric-Request-Id", trace)], json.dumps(body).encode())

    def answer(self, status, headers, content):
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def log_message(self, *_):  # personal data must not reach a log
        pass


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--port", type=int, required=True)
    ThreadingHTTPServer(("127.0.0.1", arguments.parse_args().port), Adapter).serve_forever()
