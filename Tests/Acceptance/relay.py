"""A relay on loopback that passes bytes on and keeps a copy of them."""

from __future__ import annotations

import socket
import threading


class RecordingRelay:
    """Listens on a free port and connects whoever comes to `port`; `recorded` is what went either way so far."""

    def __init__(self, port: int) -> None:
        self.target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._lock = threading.Lock()
        self._recorded: list[bytearray] = []
        self._sockets: list[socket.socket] = [self._listener]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> RecordingRelay:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            for connection in self._sockets:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
                connection.close()

    @property
    def recorded(self) -> bytes:
        """Both directions of every connection, each direction in one piece."""
        with self._lock:
            return b"\n\n".join(bytes(direction) for direction in self._recorded)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                return
            with self._lock:
                self._sockets += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        copy = bytearray()
        with self._lock:
            self._recorded.append(copy)
        try:
            while data := source.recv(65536):
                with self._lock:
                    copy += data
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass
