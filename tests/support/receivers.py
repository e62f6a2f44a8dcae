"""Local servers that speak what Slack, PagerDuty, webhooks and mail servers speak, and remember what they were told."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Told:
    """A request: its path, and the JSON in it."""

    path: str
    body: Any  # Any: JSON


@dataclass
class WebReceiver:
    """What was posted. ``status`` is what the next ones are answered."""

    port: int
    told: list[Told] = field(default_factory=list)
    status: int = 200

    def address(self, path: str) -> str:
        return f"http://{LOOPBACK}:{self.port}{path}"


class _WebServer(ThreadingHTTPServer):
    daemon_threads = True
    receiver: WebReceiver


class _WebHandler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        receiver = cast("_WebServer", self.server).receiver
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver.told.append(Told(self.path, json.loads(body)))
        # PagerDuty's events API answers 202, Slack and webhooks 200.
        status = 202 if receiver.status == 200 and self.path.endswith("/enqueue") else receiver.status
        answer = b'{"status": "success"}' if status == 202 else b"ok"
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@contextmanager
def web_receiver() -> Iterator[WebReceiver]:
    """Yield a server that takes JSON on every path."""
    with _WebServer((LOOPBACK, 0), _WebHandler) as server:
        server.receiver = WebReceiver(server.server_port)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.receiver
        server.shutdown()
        thread.join()


@dataclass
class MailReceiver:
    """What was sent, by whom and to whom."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)


class _MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    receiver: MailReceiver


class _MailHandler(socketserver.StreamRequestHandler):
    """As much of RFC 5321 and 4954 as a client needs that sends one mail."""

    def handle(self) -> None:
        receiver = cast("_MailServer", self.server).receiver
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "EHLO":
                self._say("250-localhost", "250 AUTH PLAIN")
            elif verb == "AUTH":
                receiver.logins.append(line)
                self._say("235 welcome")
            elif verb == "RCPT":
                receiver.recipients.append(line.partition("<")[2].partition(">")[0])
                self._say("250 ok")
            elif verb == "DATA":
                self._say("354 go on")
                receiver.mails.append(self._mail())
                self._say("250 taken")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _mail(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b"."))
        return message_from_bytes(b"".join(lines), policy=policy.default)

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


@contextmanager
def mail_receiver() -> Iterator[MailReceiver]:
    """Yield a mail server without TLS that takes every login and every mail."""
    with _MailServer((LOOPBACK, 0), _MailHandler) as server:
        server.receiver = MailReceiver(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.receiver
        server.shutdown()
        thread.join()


def text_of(mail: EmailMessage) -> str:
    """Return the text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
