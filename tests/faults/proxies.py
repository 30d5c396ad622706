"""A TCP proxy on this machine that forwards everything, until it is told to cut a connection at a chosen place."""

import selectors
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

CHUNK = 65536


@dataclass
class Cut:
    """Cuts the connection whose client sends `asked`: before it arrives, or once the answer to it is there.

    `armed` is cleared by the cut, so that one connection is cut for each time that it is set.
    """

    asked: bytes
    is_forwarded: bool
    armed: Event = field(default_factory=Event)
    done: Event = field(default_factory=Event)


@dataclass
class Proxy:
    """Listens at `port`; the target sees its connections."""

    target: int
    cut: Cut
    listener: socket.socket

    @property
    def port(self) -> int:
        """Where to connect."""
        return int(self.listener.getsockname()[1])

    def serve(self) -> None:
        """Take connections until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        with client, suppress(OSError), socket.create_connection(("127.0.0.1", self.target)) as server:
            self._forward(client, server)

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        is_cutting = False
        for source, data in _received(client, server):
            is_cutting = is_cutting or (source is client and self.cut.armed.is_set() and self.cut.asked in data)
            if is_cutting and (source is server or not self.cut.is_forwarded):
                self.cut.armed.clear()
                self.cut.done.set()
                return
            (server if source is client else client).sendall(data)


def _received(*sockets: socket.socket) -> Iterator[tuple[socket.socket, bytes]]:
    """What arrives at any of these, until one of them ends."""
    with selectors.DefaultSelector() as selector:
        for each in sockets:
            selector.register(each, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                source = key.fileobj
                assert isinstance(source, socket.socket)
                data = source.recv(CHUNK)
                if not data:
                    return
                yield source, data


@contextmanager
def proxied(target: int, cut: Cut) -> Iterator[Proxy]:
    """A proxy in front of a port of this machine; it ends with the block."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = Proxy(target, cut, listener)
        serving = Thread(target=proxy.serve, daemon=True)
        serving.start()
        try:
            yield proxy
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            serving.join()
