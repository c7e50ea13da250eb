"""A real SMTP server on loopback: what it took, whom it refuses, and whether it is up."""

import asyncio
import email
import email.policy
import socket
from collections.abc import Callable
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Protocol
from aiosmtpd.smtp import Envelope, Session


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class MailServer:
    """Takes mail on a port of its own while it is up."""

    def __init__(self) -> None:
        self.port = free_port()
        self.taken: list[EmailMessage] = []
        self.connections = 0
        self.refused: dict[str, str] = {}  # address -> what the server says to it
        self.after_data = ""  # what the server says to any message instead of taking it
        self.pause = 0.0  # seconds for each message
        self.on_taken: Callable[[int], None] | None = None  # told how many, before the sender hears of it
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def recipients(self) -> list[str]:
        return [message["To"] for message in self.taken]

    @property
    def ids(self) -> list[str]:
        return [message["Message-ID"] for message in self.taken]

    def start(self) -> "MailServer":
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    # ---- what aiosmtpd calls -----------------------------------------------------------------------------------------

    async def handle_EHLO(self, server: Protocol, session: Session, envelope: Envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server: Protocol, session: Session, envelope: Envelope, address: str, options):
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Protocol, session: Session, envelope: Envelope) -> str:
        if self.pause:
            await asyncio.sleep(self.pause)
        if self.after_data:
            return self.after_data
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        if self.on_taken is not None:
            self.on_taken(len(self.taken))
        return "250 OK"
