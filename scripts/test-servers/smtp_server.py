#!/usr/bin/python3
"""A real SMTP server (aiosmtpd) on loopback for tests, which can also misbehave.

Every line on standard output is one JSON object. The first is {"event": "listening", "port": N}; then
  {"event": "connection", "number": N}                       a client connected, the N-th so far
  {"event": "message", "connection": N, "path": …, "sender": …, "recipients": […]}   a message was accepted
  {"event": "held", "connection": N}                         a whole message came, and no answer is given
  {"event": "closed", "connection": N}                       the connection is gone
  {"event": "dropped", "count": N}                           answer to the command `drop` or `dismiss`

With --control it reads commands from standard input and ends with it:
  drop      closes every connection without a word
  dismiss   says 421 on every connection, then closes it
"""

import argparse
import asyncio
import json
import mailbox
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def report(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)


class Connection(SMTP):
    """One client's conversation."""

    def __init__(self, server, **settings):
        super().__init__(server, **settings)
        self.server = server
        self.number = None
        self.accepted = 0

    def connection_made(self, transport):
        if self.number is None:
            self.number = self.server.register(self)
        super().connection_made(transport)

    def connection_lost(self, error):
        super().connection_lost(error)
        self.server.forget(self)

    async def _handle_client(self):
        if self.server.options.hang:
            await asyncio.Event().wait()
        await super()._handle_client()

    async def smtp_QUIT(self, arg):
        if self.server.options.hang_at_quit:
            await asyncio.Event().wait()
        await super().smtp_QUIT(arg)

    async def dismiss(self):
        await self.push("421 4.3.2 Service closing transmission channel")
        self.transport.close()


class Server:
    """Counts connections, keeps messages and answers as the options say."""

    def __init__(self, options):
        self.options = options
        self.connections = {}
        self.total = 0
        self.maildir = mailbox.Maildir(options.maildir, create=True) if options.maildir else None

    def register(self, connection):
        self.total += 1
        self.connections[self.total] = connection
        report("connection", number=self.total)
        return self.total

    def forget(self, connection):
        if self.connections.pop(connection.number, None) is not None:
            report("closed", connection=connection.number)

    def authenticate(self, server, session, envelope, mechanism, credentials):
        expected = (self.options.user.encode(), self.options.password.encode())
        given = isinstance(credentials, LoginPassword) and (credentials.login, credentials.password)
        return AuthResult(success=given == expected, handled=False)

    async def handle_RCPT(self, connection, session, envelope, address, rcpt_options):
        if self.options.reject_recipient:
            return f"{self.options.reject_recipient} 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, connection, session, envelope):
        options = self.options
        if options.reject_data:
            return f"{options.reject_data} 5.7.1 Message refused"
        if options.hang_after_data or options.drop_after_data:
            report("held", connection=connection.number)
            if options.drop_after_data:
                connection.transport.abort()
            await asyncio.Event().wait()
        path = None
        if self.maildir is not None:
            key = self.maildir.add(envelope.original_content)
            path = f"{options.maildir}/{self.maildir._lookup(key)}"
        connection.accepted += 1
        report("message", connection=connection.number, path=path, sender=envelope.mail_from,
               recipients=envelope.rcpt_tos)
        if options.drop_after and connection.accepted >= options.drop_after:
            asyncio.get_running_loop().call_soon(connection.transport.close)
        return "250 2.0.0 Taken"

    def make_connection(self):
        options = self.options
        starttls = tls_context(options) if options.starttls else None
        return Connection(
            self, hostname="localhost", tls_context=starttls, require_starttls=options.starttls,
            auth_required=options.user is not None, auth_require_tls=options.starttls,
            authenticator=self.authenticate if options.user is not None else None)

    async def obey(self, line):
        connections = list(self.connections.values())
        if line == "drop":
            for connection in connections:
                connection.transport.close()
        elif line == "dismiss":
            for connection in connections:
                await connection.dismiss()
        else:
            raise ValueError(f"unknown command {line!r}")
        report("dropped", count=len(connections))

    async def run(self):
        loop = asyncio.get_running_loop()
        implicit = tls_context(self.options) if self.options.implicit else None
        listener = await loop.create_server(self.make_connection, "127.0.0.1", self.options.port, ssl=implicit)
        report("listening", port=listener.sockets[0].getsockname()[1])
        if not self.options.control:
            await asyncio.Event().wait()
        commands = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
        async for line in commands:
            await self.obey(line.decode().strip())


def tls_context(options):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.certificate, options.key)
    return context


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    encryption = parser.add_mutually_exclusive_group()
    encryption.add_argument("--starttls", action="store_true", help="require STARTTLS")
    encryption.add_argument("--implicit", action="store_true", help="TLS from the first byte")
    parser.add_argument("--certificate", help="the server's certificate, PEM")
    parser.add_argument("--key", help="its private key, PEM")
    parser.add_argument("--port", type=int, default=0, help="0 (the default) takes a free one")
    parser.add_argument("--user", help="require authentication as this user")
    parser.add_argument("--password", default="")
    parser.add_argument("--maildir", help="keep accepted messages in this Maildir")
    parser.add_argument("--control", action="store_true", help="read commands from standard input, end with it")
    parser.add_argument("--hang", action="store_true", help="accept the connection and say nothing")
    parser.add_argument("--hang-after-data", action="store_true", help="take the message and give no answer")
    parser.add_argument("--hang-at-quit", action="store_true", help="leave QUIT without an answer")
    parser.add_argument("--drop-after-data", action="store_true", help="take the message and cut the connection")
    parser.add_argument("--reject-recipient", type=int, nargs="?", const=550, metavar="CODE")
    parser.add_argument("--reject-data", type=int, nargs="?", const=554, metavar="CODE")
    parser.add_argument("--drop-after", type=int, metavar="N", help="close each connection after N messages")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        asyncio.run(Server(read_options()).run())
    except KeyboardInterrupt:
        pass
