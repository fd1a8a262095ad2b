"""A mail server for tests: speaks enough SMTP, keeps what it accepted, can be told to be difficult."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Sink:
    """What arrived. ``refuse`` answers a recipient with that line; ``stall`` holds back the answer
    to the message itself until it is set."""

    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    stall: threading.Event | None = None
    reached: threading.Event = field(default_factory=threading.Event)

    def subjects(self) -> list[str]:
        return [str(message["Subject"]) for message in self.messages]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    sink: Sink


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        self._say("220 sink")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ", 1)[0].upper()
            if verb == "RCPT":
                address = line.partition("<")[2].rstrip(">")
                self._say(self.server.sink.refuse.get(address, "250 OK"))
            elif verb == "DATA":
                self._take()
            elif verb == "QUIT":
                return self._say("221 Bye")
            else:
                self._say("250 OK")
        return None

    def _take(self) -> None:
        self._say("354 Go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        sink = self.server.sink
        sink.reached.set()
        if sink.stall:
            sink.stall.wait(30)
        message = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(message, EmailMessage)
        sink.messages.append(message)
        self._say("250 Accepted")


@contextmanager
def smtp_sink() -> Iterator[Sink]:
    """A running sink on a free port."""
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        server.sink = Sink(port=server.server_address[1])
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.sink
        server.shutdown()
