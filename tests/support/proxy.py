"""A TCP proxy on loopback that does to a link what networks do: cuts it after some bytes, lets it hang half-open, refuses it.

    with Proxy(server.port) as proxy:
        url = server.url().replace(f":{server.port}/", f":{proxy.port}/")
"""

import socket
import threading


class Proxy:
    """Forwards connections to `target_port`, which may be changed while it runs.

    `cut_after(index)`: how many bytes from the server connection `index` (from 0) carries before it is cut; None for all.
    """

    def __init__(self, target_port, cut_after=lambda index: None):
        self.target_port, self.cut_after = target_port, cut_after
        self.connections = self.cuts = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._open, self._lock, self._frozen, self._closed, self._refusing = [], threading.Lock(), set(), False, False
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._closed = True
        _end(self._listener)
        self.cut()

    def through(self, url):
        """The server's URL, led through here."""
        head, _, tail = url.rpartition(":")
        return f"{head}:{self.port}/{tail.partition('/')[2]}"

    def cut(self):
        """Ends all links at once."""
        with self._lock:
            links, self._open = self._open, []
        for link in links:
            _end(link)

    def freeze(self):
        """The links there are now stay open but carry nothing any more; new ones work."""
        with self._lock:
            self._frozen.update(self._open)

    def refuse(self, refusing=True):
        """New links end before the first byte."""
        self._refusing = refusing

    def _accept(self):
        while not self._closed:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            index, self.connections = self.connections, self.connections + 1
            try:
                if self._refusing:
                    raise ConnectionError
                server = socket.create_connection(("127.0.0.1", self.target_port))
            except OSError:
                _end(client)
                continue
            with self._lock:
                self._open += [client, server]
            threading.Thread(target=self._pump, args=(server, client, self.cut_after(index)), daemon=True).start()
            threading.Thread(target=self._pump, args=(client, server, None), daemon=True).start()

    def _pump(self, source, target, bytes_left):
        try:
            while data := source.recv(65536):
                if source in self._frozen:
                    continue
                if bytes_left is not None and len(data) >= bytes_left:
                    target.sendall(data[:bytes_left])
                    self.cuts += 1
                    break
                target.sendall(data)
                bytes_left = None if bytes_left is None else bytes_left - len(data)
        except OSError:
            pass
        if source not in self._frozen:
            _end(source)
            _end(target)


def _end(link):
    try:
        link.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    link.close()
